import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import type { AudioType } from '../../src/media_type.ts';
import { MediaError } from '../../worker/media/errors.ts';
import type { Cleanup } from '../support/database.ts';
import { ffmpeg, file, folder, synthesize } from '../support/media.ts';
import { encodeSound, wav } from '../support/sound.ts';

const refused = (t: Cleanup, path: string, type: AudioType, sentence: RegExp) =>
  assert.rejects(encodeSound(t, path, type), (error) => {
    assert.ok(error instanceof MediaError, `${error}`);
    assert.match(error.message, sentence);
    return true;
  });

describe('sound that is not all there is refused, with how much of it is', {
  concurrency: 2,
}, () => {
  test('an M4A whose index is in front', async (t) => {
    const dir = await folder(t);
    for (const [name, args] of [
      ['aac.m4a', ['-c:a', 'aac', '-ac', '2']],
      ['mono.m4a', ['-c:a', 'aac']],
      ['alac.m4a', ['-c:a', 'alac']],
      ['pcm.mov', ['-c:a', 'pcm_s16le']],
    ] as const) {
      const path = await synthesize(dir, name, 'sine=d=5', ...args, '-movflags', '+faststart');
      const bytes = await readFile(path);
      await encodeSound(t, path, 'audio/mp4');
      const cut = await file(dir, `cut-${name}`, bytes.subarray(0, bytes.length * 0.6));
      await refused(
        t,
        cut,
        'audio/mp4',
        /incomplete: (2\.[5-9]|3\.?\d?) of 5 seconds are there\. Upload the whole file\.$/,
      );
    }
  });

  test('an M4A whose index is at the end', async (t) => {
    const dir = await folder(t);
    const bytes = await readFile(await synthesize(dir, 'a.m4a', 'sine=d=3', '-c:a', 'aac'));
    const cut = await file(dir, 'b.m4a', bytes.subarray(0, bytes.length * 0.6));
    await refused(
      t,
      cut,
      'audio/mp4',
      /incomplete: its index \(moov\) is missing\. Upload the whole/,
    );
  });

  test('a WAV by more than a tenth; a little less is said in the job', async (t) => {
    const dir = await folder(t);
    const bytes = wav({}, 3 * 44_100, (i) => 0.3 * Math.sin(i / 16));
    const cutTo = (share: number) =>
      file(dir, `${share}.wav`, bytes.subarray(0, bytes.length * share));
    await refused(t, await cutTo(0.5), 'audio/wav', /incomplete: 1\.5 of 3 seconds are there/);
    const { warnings } = await encodeSound(t, await cutTo(0.95), 'audio/wav');
    assert.match(warnings.join(), /^The audio was cut off: its last 0.2 s are missing\.$/);
    const larger = await synthesize(dir, 'rf64.wav', 'sine=d=3', '-rf64', 'always');
    await encodeSound(t, larger, 'audio/wav');
    const part = (await readFile(larger)).subarray(0, 132_300);
    await refused(t, await file(dir, 'part.wav', part), 'audio/wav', /incomplete: 1\.5 of 3 sec/);
  });
});

test('sound that may have been cut is made, and that is said', async (t) => {
  const dir = await folder(t);
  const cases = [
    ['a.ogg', 'audio/ogg', ['-c:a', 'libopus'], /no end mark/],
    ['a.mp3', 'audio/mpeg', [], /says that it lasts 9 s, but holds 5 s/],
  ] as const;
  for (const [name, type, args, sentence] of cases) {
    const bytes = await readFile(await synthesize(dir, name, 'sine=d=9', ...args));
    const whole = await encodeSound(t, await file(dir, `whole-${name}`, bytes), type);
    assert.deepEqual(whole.warnings, []);
    const cut = await file(dir, `cut-${name}`, bytes.subarray(0, bytes.length * 0.6));
    assert.match((await encodeSound(t, cut, type)).warnings.join(), sentence);
  }
});

test('what is left out of a file is said', async (t) => {
  const dir = await folder(t);
  const chapters = ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=500\ntitle=one\n';
  const metadata = await file(dir, 'chapters.txt', chapters);
  const cover = await synthesize(dir, 'cover.png', 'color=red:s=32x32', '-frames:v', '1');
  const tone = ['-f', 'lavfi', '-i', 'sine=d=1'];
  const tracks = ['-map', '0', '-map', '1', '-map', '2', '-c:a', 'aac', '-c:v', 'copy'];
  await ffmpeg(
    ...[...tone, ...tone, '-i', cover, '-i', metadata, ...tracks],
    ...['-map_metadata', '3', '-disposition:v', 'attached_pic', `${dir}/a.m4a`],
  );
  const { warnings } = await encodeSound(t, `${dir}/a.m4a`, 'audio/mp4');
  assert.match(warnings.join(' '), /2 tracks.*cover art.*chapters/);
});

test('a WAV with an odd chunk that is not padded is read to its end', async (t) => {
  const chunks = Buffer.from('LIST\x09\0\0\0INFOabcde', 'latin1');
  const tone = (i: number) => 0.3 * Math.sin(i / 16);
  const path = await file(await folder(t), 'a.wav', wav({ chunks }, 44_100, tone));
  const { given, audio } = await encodeSound(t, path, 'audio/wav');
  assert.equal(given.seconds, 1);
  assert.ok(Math.abs(audio.samples - 44_100) < 2048);
});

test('what cannot be read is refused by its name, with what to export instead', async (t) => {
  const dir = await folder(t);
  const flac = await readFile(await synthesize(dir, 'a.flac', 'sine=d=1'));
  const tag = Buffer.concat([Buffer.from('ID3\x03\0\0\0\x01\0\0', 'latin1'), Buffer.alloc(16_384)]);
  const behind = await file(dir, 'flac.mp3', Buffer.concat([tag, flac]));
  await refused(
    t,
    behind,
    'audio/mpeg',
    /is FLAC behind an ID3 tag, not MP3\. Export it as MP3, WAV/,
  );
  const wma = await synthesize(dir, 'wma.wav', 'sine=d=1', '-c:a', 'wmav2');
  await refused(t, wma, 'audio/wav', /encoded as wmav2\. Export it as MP3, WAV/);
  const vorbis = await synthesize(dir, 'a.mp4', 'sine=d=1', '-c:a', 'libvorbis');
  await refused(t, vorbis, 'audio/mp4', /encoded as vorbis\. Export it as MP3/);
  const silent = await synthesize(dir, 'video.mp4', 'testsrc=s=32x32:d=1');
  await refused(t, silent, 'audio/mp4', /holds no sound\. Export it as/);
});
