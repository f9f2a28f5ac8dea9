import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { type AudioType, id3Bytes } from '../../src/media_type.ts';
import { openAudio } from '../../worker/media/sound/open_audio.ts';
import { probeAudio } from '../../worker/media/sound/probe.ts';
import { readFacts } from '../../worker/media/sound/read_facts.ts';
import { suiteCleanup } from '../support/database.ts';
import { decode, soundOf, type Wanted } from '../support/decode.ts';
import {
  assertVideo,
  box,
  ffmpegPath,
  ffprobePath,
  file,
  folder,
  plainPicture,
  render,
  synthesizeAll,
} from '../support/media.ts';
import { encodeSound, heardOf } from '../support/sound.ts';
import { wav } from '../support/wav.ts';

/** A second of tone, a click at 1.5 s, silence: if these stay in place, so does everything. */
const clickTone = "aevalsrc='0.4*sin(880*PI*t)*lt(t,1)+0.8*between(t,1.5,1.503)':s=44100:d=3.21";
const fragments = ['-movflags', 'frag_keyframe+empty_moov', '-frag_duration', '500000'];

const kinds: [name: string, type: AudioType, ...args: string[]][] = [
  ['mono.mp3', 'audio/mpeg', '-b:a', '96k'],
  ['no-xing.mp3', 'audio/mpeg', '-q:a', '5', '-write_xing', '0', '-id3v2_version', '0'],
  ['22k.mp3', 'audio/mpeg', '-ar', '22050', '-ac', '2'],
  ['8k-mono.wav', 'audio/wav', '-ar', '8000'],
  ['96k-24bit.wav', 'audio/wav', '-ar', '96000', '-ac', '2', '-c:a', 'pcm_s24le'],
  ['float.wav', 'audio/wav', '-ac', '2', '-c:a', 'pcm_f32le'],
  ['opus.ogg', 'audio/ogg', '-c:a', 'libopus', '-ac', '2'],
  ['vorbis.ogg', 'audio/ogg', '-c:a', 'libvorbis', '-ac', '2'],
  ['index-at-end.m4a', 'audio/mp4', '-c:a', 'aac', '-ac', '2'],
  ['mono.m4a', 'audio/mp4', '-c:a', 'aac'],
  ['lossless.m4a', 'audio/mp4', '-c:a', 'alac', '-ac', '2'],
  ['fragmented.m4a', 'audio/mp4', '-c:a', 'aac', '-ac', '2', ...fragments, '-f', 'mp4'],
];

describe('the sound of a video', { concurrency: 2 }, () => {
  const cleanup = suiteCleanup();
  let dir: string;
  before(async () => {
    dir = await folder(cleanup);
    await synthesizeAll(dir, {
      ...Object.fromEntries(kinds.map(([name, , ...args]) => [name, [clickTone, ...args]])),
      // AC-3 for a receiver.
      hidden: [clickTone, '-c:a', 'ac3', '-ac', '2', '-ar', '48000', '-f', 'spdif'],
      'unedited.m4a': [clickTone, '-c:a', 'aac', '-use_editlist', '0', '-movflags', '+faststart'],
      'two.m4a': [clickTone, '-map', '0', '-c:a', 'aac'],
      '22k.m4a': [clickTone, '-c:a', 'aac', '-ar', '22050'],
    });
  });

  describe('5.4 length, level and place', () => {
    const seconds: number[] = [];
    let sounds: Float32Array[];
    before(async () => {
      const wanted: Wanted<Float32Array>[] = [];
      for (const [name, type] of kinds) {
        const { audio } = await encodeSound(cleanup, join(dir, name), type, { mayCopy: true });
        seconds.push(audio.samples / audio.sampleRate);
        wanted.push(soundOf(join(dir, name), ['-af', left.join()]));
        wanted.push(await heardOf(cleanup, audio, left));
      }
      sounds = await decode(...wanted);
    });

    for (const [i, [name]] of kinds.entries())
      test(name, () => {
        const [given, made] = sounds.slice(2 * i, 2 * i + 2) as [Float32Array, Float32Array];
        assertAlike(given, made, seconds[i] ?? 0);
      });
  });

  test('they stay so in a video with the right streams, encoded and copied', async (t) => {
    const imagePath = await plainPicture(await folder(t));
    const wanted: Wanted<Float32Array>[] = [];
    const seconds: number[] = [];
    for (const [name, audioType] of [
      ['8k-mono.wav', 'audio/wav'],
      ['index-at-end.m4a', 'audio/mp4'],
    ] as const) {
      const audioPath = join(dir, name);
      const { videoPath, audioSeconds } = await render(t, { imagePath, audioPath, audioType });
      await assertVideo(videoPath);
      for (const path of [audioPath, videoPath]) wanted.push(soundOf(path, ['-af', left.join()]));
      seconds.push(audioSeconds);
    }
    const sounds = await decode(...wanted);
    for (const [i, audioSeconds] of seconds.entries()) {
      const [given, made] = sounds.slice(2 * i, 2 * i + 2) as [Float32Array, Float32Array];
      assertAlike(given, made, audioSeconds);
    }
  });

  test('the facts that are read from a simple file are those that ffmpeg tells', async () => {
    const { signal } = new AbortController();
    const read = async (name: string, type: AudioType) => {
      const opened = await openAudio({ box, dir, signal }, { path: join(dir, name), type });
      return [opened, await readFacts(opened)] as const;
    };
    const machine = { ffmpegPath, ffprobePath, box, dir, threads: 1, maxAudioSeconds: 60 };
    const plain = /^((mono|22k)\.mp3|.*\.wav|(mono|index-at-end)\.m4a)$/;
    const simple = kinds.filter(([name]) => plain.test(name));
    for (const [name, type] of [...simple, ['unedited.m4a', 'audio/mp4'] as const]) {
      const [opened, facts] = await read(name, type);
      assert.deepEqual(facts, await probeAudio({ ...machine, signal }, opened), name);
    }
    // Whatever is not simple is left to ffmpeg.
    const [mp3, float, m4a] = await Promise.all(
      ['mono.mp3', 'float.wav', 'mono.m4a'].map((name) => readFile(join(dir, name))),
    );
    assert.ok(mp3 && float && m4a);
    const renamed = (from: string, to: string) =>
      Buffer.from(m4a.toString('latin1').replace(from, to), 'latin1');
    const tag = Buffer.from('ID3\x04\0\0\0\0\0\x0aAPIC\0\0\0\0\0\0', 'latin1');
    const others: [name: string, type: AudioType, bytes: Buffer][] = [
      ['cut.mp3', 'audio/mpeg', mp3.subarray(0, mp3.length - 500)],
      ['holed.mp3', 'audio/mpeg', Buffer.concat([mp3.subarray(0, 9_000), mp3.subarray(9_001)])],
      [
        'shorter.mp3',
        'audio/mpeg',
        Buffer.concat([mp3, mp3.subarray(mp3.lastIndexOf('\xff\xfb', undefined, 'latin1'))]),
      ],
      ['cover.mp3', 'audio/mpeg', Buffer.concat([tag, mp3.subarray(id3Bytes(mp3))])],
      ['cut.wav', 'audio/wav', float.subarray(0, float.length - 40)],
      ['cover.m4a', 'audio/mp4', renamed('\xa9too', 'covr')],
      ['chapters.m4a', 'audio/mp4', renamed('udta', 'chpl')],
      ['other.m4a', 'audio/mp4', Buffer.concat([m4a, Buffer.from('\0\0\0\x08uuid')])],
      ['cut.m4a', 'audio/mp4', m4a.subarray(0, m4a.length - 40)],
    ];
    for (const [name, type, bytes] of others) {
      await file(dir, name, bytes);
      assert.equal((await read(name, type))[1], undefined, name);
    }
    for (const name of ['two.m4a', '22k.m4a', 'lossless.m4a', 'fragmented.m4a'])
      assert.equal((await read(name, 'audio/mp4'))[1], undefined, name);
    assert.equal(simple.length, 7);
  });

  test('headers that lie about the sound are not believed', async (t) => {
    // In a WAV that calls it PCM.
    const header = wav({ rate: 48_000, channels: 2 }, 0);
    const hidden = await readFile(join(dir, 'hidden'));
    header.writeUInt32LE(36 + hidden.length, 4);
    header.writeUInt32LE(hidden.length, 40);
    const path = await file(dir, 'hidden.wav', Buffer.concat([header, hidden]));
    await assert.rejects(encodeSound(t, path, 'audio/wav'), {
      message: /its sound is encoded as ac3/,
    });
  });
});

const rate = 48_000;
/** The left channel. */
const left = ['pan=mono|c0=c0', `aresample=${rate}`];

/** @param seconds what is told of the length */
function assertAlike(given: Float32Array, made: Float32Array, seconds: number) {
  assert.ok(Math.abs(made.length - given.length) < 0.04 * rate, `${made.length} samples`);
  assert.ok(Math.abs(seconds - given.length / rate) < 0.04, `${seconds} s`);
  const level = loudness(made) / loudness(given);
  assert.ok(level > 0.97 && level < 1.03, `level ${level}`);
  const shift = click(made) - click(given);
  assert.ok(Math.abs(shift) < 0.002 * rate, `${shift} samples off`);
}

function loudness(samples: Float32Array): number {
  const tone = samples.subarray(0.2 * rate, 0.8 * rate);
  return Math.sqrt(tone.reduce((sum, sample) => sum + sample ** 2, 0) / tone.length);
}

/** Where the click is loudest. */
function click(samples: Float32Array): number {
  const around = samples.subarray(1.3 * rate, 1.7 * rate).map(Math.abs);
  return around.indexOf(Math.max(...around));
}
