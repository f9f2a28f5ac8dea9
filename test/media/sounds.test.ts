import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { type AudioType, id3Bytes } from '../../src/media_type.ts';
import { openAudio } from '../../worker/media/sound/open_audio.ts';
import { probeAudio } from '../../worker/media/sound/probe.ts';
import { readFacts } from '../../worker/media/sound/read_facts.ts';
import { suiteCleanup } from '../support/database.ts';
import {
  assertVideo,
  box,
  decodeSound,
  ffmpeg,
  ffmpegPath,
  ffprobePath,
  file,
  folder,
  plainPicture,
  render,
  synthesize,
} from '../support/media.ts';

/** A second of tone, a click at 1.5 s, silence: if these stay in place, so does everything. */
const clickTone = "aevalsrc='0.4*sin(880*PI*t)*lt(t,1)+0.8*between(t,1.5,1.503)':s=44100:d=3.21";

type Kind = { name: string; type: AudioType; args: string[] };
const kinds: Kind[] = [
  { name: 'mono.mp3', type: 'audio/mpeg', args: ['-b:a', '96k'] },
  {
    name: 'no-xing.mp3',
    type: 'audio/mpeg',
    args: ['-q:a', '5', '-write_xing', '0', '-id3v2_version', '0'],
  },
  { name: '22k.mp3', type: 'audio/mpeg', args: ['-ar', '22050', '-ac', '2'] },
  { name: '8k-mono.wav', type: 'audio/wav', args: ['-ar', '8000'] },
  {
    name: '96k-24bit.wav',
    type: 'audio/wav',
    args: ['-ar', '96000', '-ac', '2', '-c:a', 'pcm_s24le'],
  },
  { name: 'float.wav', type: 'audio/wav', args: ['-ac', '2', '-c:a', 'pcm_f32le'] },
  { name: 'opus.ogg', type: 'audio/ogg', args: ['-c:a', 'libopus', '-ac', '2'] },
  { name: 'vorbis.ogg', type: 'audio/ogg', args: ['-c:a', 'libvorbis', '-ac', '2'] },
  { name: 'index-at-end.m4a', type: 'audio/mp4', args: ['-c:a', 'aac', '-ac', '2'] },
  { name: 'mono.m4a', type: 'audio/mp4', args: ['-c:a', 'aac'] },
  { name: 'lossless.m4a', type: 'audio/mp4', args: ['-c:a', 'alac', '-ac', '2'] },
  {
    name: 'fragmented.m4a',
    type: 'audio/mp4',
    args: [
      '-c:a',
      'aac',
      '-ac',
      '2',
      '-movflags',
      'frag_keyframe+empty_moov',
      '-frag_duration',
      '500000',
      '-f',
      'mp4',
    ],
  },
];

describe('the sound of a video', { concurrency: 2 }, () => {
  const cleanup = suiteCleanup();
  let dir: string;
  before(async () => {
    dir = await folder(cleanup);
    const outputs = kinds.flatMap(({ name, args }) => ['-map', '0', ...args, join(dir, name)]);
    await ffmpeg('-f', 'lavfi', '-i', clickTone, ...outputs);
  });

  for (const { name, type } of kinds) {
    test(`${name}: right streams, length, level and place (5.4)`, async (t) => {
      const audioPath = join(dir, name);
      const imagePath = await plainPicture(await folder(t));
      const made = await render(t, { imagePath, audioPath, audioType: type });
      await assertVideo(made.videoPath);

      const given = await left(audioPath);
      const got = await left(made.videoPath);
      assert.ok(Math.abs(got.length - given.length) < 0.04 * rate, `${given.length} ${got.length}`);
      assert.ok(Math.abs(made.audioSeconds - given.length / rate) < 0.04);
      const level = loudness(got) / loudness(given);
      assert.ok(level > 0.97 && level < 1.03, `level ${level}`);
      const shift = click(got) - click(given);
      assert.ok(Math.abs(shift) < 0.002 * rate, `${shift} samples off`);
    });
  }

  test('the facts that are read from a simple file are those that ffmpeg tells', async () => {
    const { signal } = new AbortController();
    const read = async (name: string, type: AudioType) => {
      const opened = await openAudio({ box, dir, signal }, { path: join(dir, name), type });
      return [opened, await readFacts(opened)] as const;
    };
    const machine = { ffmpegPath, ffprobePath, box, dir, threads: 1, maxAudioSeconds: 60 };
    const simple = kinds.filter(({ name }) => /^(mono|22k)\.mp3$|\.wav$/.test(name));
    for (const { name, type } of simple) {
      const [opened, facts] = await read(name, type);
      assert.deepEqual(facts, await probeAudio({ ...machine, signal }, opened), name);
    }
    // Whatever is not simple is left to ffmpeg.
    const [mp3, wav] = [
      await readFile(join(dir, 'mono.mp3')),
      await readFile(join(dir, 'float.wav')),
    ];
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
      ['cut.wav', 'audio/wav', wav.subarray(0, wav.length - 40)],
    ];
    for (const [name, type, bytes] of others) {
      await file(dir, name, bytes);
      assert.equal((await read(name, type))[1], undefined, name);
    }
    assert.equal(simple.length, 5);
  });

  test('headers that lie about the sound are not believed', async (t) => {
    // AC-3 for a receiver, in a WAV that calls it PCM.
    const audioPath = join(dir, 'hidden.wav');
    const spdif = ['-c:a', 'ac3', '-ac', '2', '-ar', '48000', '-f', 'spdif'];
    await ffmpeg('-f', 'lavfi', '-i', clickTone, ...spdif, join(dir, 'hidden'));
    await ffmpeg('-f', 's16le', '-ar', '48000', '-ac', '2', '-i', join(dir, 'hidden'), audioPath);
    const imagePath = await plainPicture(await folder(t));
    await assert.rejects(render(t, { imagePath, audioPath, audioType: 'audio/wav' }), {
      message: /its sound is encoded as ac3/,
    });
  });
});

test('more channels are mixed down to two: each is heard on its side, and nothing clips', async (t) => {
  const dir = await folder(t);
  // Front left, front right, middle, bass, back left, back right.
  const loud = '0.9*sin(880*PI*t)';
  const source = `aevalsrc='${loud}|0|${loud}|0|${loud}|0':c=5.1:s=48000:d=1`;
  const imagePath = await plainPicture(dir);
  for (const [name, type] of [
    ['5.1.wav', 'audio/wav'],
    ['5.1.ogg', 'audio/ogg'],
  ] as const) {
    const audioPath = await synthesize(dir, name, source);
    const made = await render(t, { imagePath, audioPath, audioType: type });
    await assertVideo(made.videoPath);
    const both = await decodeSound(made.videoPath);
    const side = (from: number) => both.filter((_, i) => i % 2 === from);
    const [onLeft, onRight] = [loudness(side(0)), loudness(side(1))];
    // A tone that begins at full strength makes any encoder overshoot for a moment.
    const steady = both.subarray(2 * 0.05 * rate);
    assert.ok(
      steady.every((sample) => Math.abs(sample) < 1),
      'clipped',
    );
    assert.ok(onLeft > 0.5 && onRight > 0.15, `${onLeft} and ${onRight}`);
    assert.ok(onLeft > 2 * onRight, `${onLeft} and ${onRight}`);
  }
});

const rate = 48_000;

/** The left channel at 48 kHz. */
function left(path: string): Promise<Float32Array> {
  return decodeSound(path, [], ['-af', 'pan=mono|c0=c0', '-ar', `${rate}`]);
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
