import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import sharp from 'sharp';
import type { AudioType } from '../../src/media_type.ts';
import { MediaError } from '../../worker/media/errors.ts';
import { openAudio } from '../../worker/media/sound/open_audio.ts';
import { probeAudio } from '../../worker/media/sound/probe.ts';
import { suiteCleanup } from '../support/database.ts';
import {
  box,
  ffmpeg,
  ffmpegPath,
  ffprobePath,
  file,
  folder,
  synthesizeAll,
} from '../support/media.ts';
import { encodeSound } from '../support/sound.ts';
import { toneWav } from '../support/wav.ts';

describe('sound that is not all there', { concurrency: 2 }, () => {
  const cleanup = suiteCleanup();
  let dir: string;
  before(async () => {
    dir = await folder(cleanup);
    const [short, long] = ['sine=d=1', 'sine=d=4'];
    const front = ['-movflags', '+faststart'];
    await synthesizeAll(dir, {
      'aac.m4a': [long, '-c:a', 'aac', '-ac', '2', ...front],
      'mono.m4a': [long, '-c:a', 'aac', ...front],
      'alac.m4a': [long, '-c:a', 'alac', ...front],
      'pcm.mov': [long, '-c:a', 'pcm_s16le', ...front],
      'index-at-end.m4a': [short, '-c:a', 'aac'],
      'rf64.wav': [long, '-rf64', 'always'],
      'opus.ogg': [long, '-c:a', 'libopus'],
      'a.mp3': [long],
      'a.flac': [short],
      'wma.wav': [short, '-c:a', 'wmav2'],
      'vorbis.mp4': [short, '-c:a', 'libvorbis'],
      'video.mp4': ['testsrc=s=32x32:d=1'],
    });
  });

  /** What is known of it before it is decoded. */
  async function factsOf(path: string, type: AudioType) {
    const { signal } = new AbortController();
    const machine = { ffmpegPath, ffprobePath, box, dir, threads: 1, maxAudioSeconds: 60, signal };
    return probeAudio(machine, await openAudio(machine, { path, type }));
  }
  const isRefusal = (sentence: RegExp) => (error: unknown) => {
    assert.ok(error instanceof MediaError, `${error}`);
    assert.match(error.message, sentence);
    return true;
  };
  const assertRefused = (path: string, type: AudioType, sentence: RegExp) =>
    assert.rejects(factsOf(path, type), isRefusal(sentence));
  /** The first part of a file. */
  async function cut(name: string, share = 0.6): Promise<string> {
    const bytes = await readFile(join(dir, name));
    return file(dir, `cut-${name}`, bytes.subarray(0, bytes.length * share));
  }

  describe('is refused, with how much of it is', () => {
    const sentence = /incomplete: 2\.\d of 4 seconds are there\. Upload the whole file\.$/;

    for (const name of ['mono.m4a', 'alac.m4a', 'pcm.mov'])
      test(`an M4A whose index is in front: ${name}`, async () => {
        await assertRefused(await cut(name), 'audio/mp4', sentence);
      });

    test('the whole is not', async () => {
      assert.deepEqual((await factsOf(join(dir, 'mono.m4a'), 'audio/mp4')).warnings, []);
    });

    test('also where its packets could be copied', async (t) => {
      const path = await cut('aac.m4a');
      const made = encodeSound(t, path, 'audio/mp4', { mayCopy: true });
      await assert.rejects(made, isRefusal(sentence));
    });

    test('an M4A whose index is at the end', async () => {
      const path = await cut('index-at-end.m4a');
      const missing = /incomplete: its index \(moov\) is missing\. Upload the whole/;
      await assertRefused(path, 'audio/mp4', missing);
    });

    test('a WAV by more than a tenth; a little less is said in the job', async (t) => {
      await file(dir, 'a.wav', toneWav(3));
      const half = /incomplete: 1\.5 of 3 seconds are there/;
      await assertRefused(await cut('a.wav', 0.5), 'audio/wav', half);
      const { warnings } = await encodeSound(t, await cut('a.wav', 0.95), 'audio/wav');
      assert.match(warnings.join(), /^The audio was cut off: its last 0.2 s are missing\.$/);
      assert.equal((await factsOf(join(dir, 'rf64.wav'), 'audio/wav')).seconds, 4);
      const most = /incomplete: 2 of 4 seconds are there/;
      await assertRefused(await cut('rf64.wav', 0.5), 'audio/wav', most);
    });
  });

  for (const [name, type, sentence] of [
    ['opus.ogg', 'audio/ogg', /no end mark/],
    ['a.mp3', 'audio/mpeg', /says that it lasts 4 s, but holds 2 s/],
  ] as const)
    test(`is made where it cannot be known, and that is said: ${name}`, async (t) => {
      assert.deepEqual((await factsOf(join(dir, name), type)).warnings, []);
      assert.match((await encodeSound(t, await cut(name), type)).warnings.join(), sentence);
    });

  test('what is left out of a file is said', async (t) => {
    const chapters = ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=500\ntitle=one\n';
    const metadata = await file(dir, 'chapters.txt', chapters);
    const red = { width: 32, height: 32, channels: 3, background: 'red' } as const;
    await sharp({ create: red }).toFile(join(dir, 'cover.png'));
    const [rich, two] = [join(dir, 'rich.m4a'), join(dir, 'two.m4a')];
    await ffmpeg(
      ...['-i', join(dir, 'aac.m4a'), '-i', join(dir, 'cover.png'), '-i', metadata],
      ...['-map', '0', '-map', '1', '-map_metadata', '2', '-disposition:v', 'attached_pic'],
      ...['-c', 'copy', rich, '-map', '0', '-map', '0', '-c', 'copy', two],
    );
    const copied = await encodeSound(t, rich, 'audio/mp4', { mayCopy: true });
    assert.ok(copied.copied);
    for (const { warnings } of [copied, await factsOf(rich, 'audio/mp4')])
      assert.match(warnings.join(' '), /^The cover art .* The chapters /);
    assert.match((await factsOf(two, 'audio/mp4')).warnings.join(), /^The audio file has 2 tracks/);
  });

  test('a WAV with an odd chunk that is not padded is read to its end', async (t) => {
    const chunks = Buffer.from('LIST\x09\0\0\0INFOabcde', 'latin1');
    const path = await file(dir, 'odd.wav', toneWav(1, { chunks }));
    const { given, audio } = await encodeSound(t, path, 'audio/wav');
    assert.equal(given.seconds, 1);
    assert.ok(Math.abs(audio.samples - 44_100) < 2048);
  });

  test('what cannot be read is refused by its name, with what to export instead', async () => {
    const head = Buffer.from('ID3\x03\0\0\0\x01\0\0', 'latin1');
    const flac = await readFile(join(dir, 'a.flac'));
    const tagged = Buffer.concat([head, Buffer.alloc(16_384), flac]);
    await file(dir, 'flac.mp3', tagged);
    for (const [name, type, sentence] of [
      ['flac.mp3', 'audio/mpeg', /is FLAC behind an ID3 tag, not MP3\. Export it as MP3, WAV/],
      ['wma.wav', 'audio/wav', /encoded as wmav2\. Export it as MP3, WAV/],
      ['vorbis.mp4', 'audio/mp4', /encoded as vorbis\. Export it as MP3/],
      ['video.mp4', 'audio/mp4', /holds no sound\. Export it as/],
    ] as const)
      await assertRefused(join(dir, name), type, sentence);
  });
});
