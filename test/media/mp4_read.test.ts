import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { MediaError } from '../../worker/media/errors.ts';
import { boxAt, fullBox, box as mp4Box, u32 } from '../../worker/media/mp4/boxes.ts';
import { fileType } from '../../worker/media/mp4/movie_box.ts';
import { readAacAudio } from '../../worker/media/mp4/read.ts';
import { readInBox } from '../../worker/media/mp4/read_in_box.ts';
import { suiteCleanup } from '../support/database.ts';
import { decode, soundOf } from '../support/decode.ts';
import { demux } from '../support/demux.ts';
import { box, file, folder, plainPicture, render, synthesizeAll } from '../support/media.ts';
import { encodeSound } from '../support/sound.ts';

const lowRates = [
  [8_000, 1, 2.999],
  [11_025, 1, 3.302],
  [22_050, 2, 3.3],
  [44_100, 1, 3.31],
] as const;
const cleanup = suiteCleanup();
/** Holds the files that several tests read. */
let given: string;
before(async () => {
  given = await folder(cleanup);
  const noise = ['anoisesrc=d=2', '-ac', '2', '-ar'] as const;
  const ofLowRates = lowRates.map(([rate, channels, seconds]) => [
    `low-${rate}.m4a`,
    [`sine=d=${seconds}:r=${rate}`, '-ac', `${channels}`] as [string, ...string[]],
  ]);
  await synthesizeAll(given, {
    ...Object.fromEntries(ofLowRates),
    '44100.m4a': [...noise, '44100'],
    '48000.m4a': [...noise, '48000'],
    'noise.m4a': ['anoisesrc=d=4', '-ac', '2'],
    'short.m4a': ['sine=d=0.5', '-ac', '2'],
  });
});

test('AAC-LC in an M4A is copied packet by packet, at 44.1 and 48 kHz', async (t) => {
  const dir = await folder(t);
  const imagePath = await plainPicture(dir);
  const paths: string[] = [];
  for (const rate of [44_100, 48_000]) {
    const audioPath = join(given, `${rate}.m4a`);
    const { videoPath, warnings } = await render(t, {
      imagePath,
      audioPath,
      audioType: 'audio/mp4',
    });
    assert.doesNotMatch(warnings.join(), /audio/);
    assert.equal((await demux(videoPath)).sound.packets[0]?.seconds, 1_024 / rate);
    paths.push(videoPath, audioPath);
  }
  const [made, source, ...others] = await decode(...paths.map((path) => soundOf(path)));
  assert.deepEqual([made, others[0]], [source, others[1]]);
});

test('packets that do not all decode are not copied, not one of them', async (t) => {
  const dir = await folder(t);
  const path = join(given, 'noise.m4a');
  const bytes = await readFile(path);
  const track = await readAacAudio(path);
  assert.ok(track);
  const packet = (i: number) =>
    bytes.subarray(track.offsets[i], (track.offsets[i] as number) + (track.sizes[i] as number));
  const encodeWith = async (name: string, damaged: number[], filling: Buffer) => {
    const whole = Buffer.from(bytes);
    for (const i of damaged) packet(i).fill(filling);
    const made = await encodeSound(t, await file(dir, name, bytes), 'audio/mp4', { mayCopy: true });
    whole.copy(bytes);
    assert.equal(made.copied, false);
    assert.ok(!(await readFile(made.path)).includes(filling));
    return { seconds: made.audio.samples / made.audio.sampleRate, warnings: made.warnings.join() };
  };
  const text = Buffer.from('This is no sound, but a text that somebody left in a file. ');
  // The first and the last second stay intact.
  const middle = Array.from({ length: 10 }, (_, i) => 60 + i);
  const { warnings } = await encodeWith('middle.m4a', middle, text);
  assert.match(warnings, /damaged and could not be decoded/);
  const end = Array.from({ length: 40 }, (_, i) => track.sizes.length - 40 + i);
  const { seconds } = await encodeWith('end.m4a', end, Buffer.alloc(80, 0xff));
  assert.ok(seconds > 2.5 && seconds < 4.1, `${seconds}`);
});

test('sound of low rates ends where its edit list says, and not with the last packet', async (t) => {
  for (const [rate, , seconds] of lowRates) {
    const { audio } = await encodeSound(t, join(given, `low-${rate}.m4a`), 'audio/mp4');
    const lasts = audio.samples / audio.sampleRate;
    assert.ok(Math.abs(lasts - seconds) < 0.04, `${rate} Hz: ${lasts} s, not ${seconds}`);
  }
});

test('a packet larger than any of AAC is none', async (t) => {
  const dir = await folder(t);
  const bytes = await readFile(join(given, 'short.m4a'));
  const sizes = boxAt(boxAt(bytes, 'moov') ?? bytes, 'trak', 'mdia', 'minf', 'stbl', 'stsz');
  assert.ok(sizes);
  const read = async () =>
    readAacAudio(await file(dir, 'b.m4a', Buffer.concat([bytes, Buffer.alloc(200_000)])));
  assert.ok(await read());
  sizes.writeUInt32BE(100_000, sizes.length - 4);
  assert.equal(await read(), undefined);
});

describe('a file of millions of boxes of 8 bytes is refused at once', () => {
  const handler = fullBox('hdlr', 0, u32(0), Buffer.from('soun'), u32(0, 0, 0));
  const bombs: [where: string, bytes: number, (boxes: Buffer) => Buffer, RegExp][] = [
    ['at its top', 49e6, (boxes) => boxes, /more than 10,000 boxes/],
    ['in its index', 49e6, (boxes) => mp4Box('moov', boxes), /index is larger than 32 MB/],
    ['in a small index', 30e6, (boxes) => mp4Box('moov', boxes), /more than 10,000 boxes/],
    [
      'in its track',
      30e6,
      (boxes) => mp4Box('moov', mp4Box('trak', mp4Box('mdia', handler, boxes))),
      /more than 10,000 boxes/,
    ],
  ];
  for (const [where, length, bomb, sentence] of bombs) {
    test(where, async (t) => {
      const bytes = Buffer.concat([fileType, bomb(Buffer.alloc(length, mp4Box('free')))]);
      const path = await file(await folder(t), 'bomb.m4a', bytes);
      const before = process.resourceUsage().maxRSS;
      await assert.rejects(readAacAudio(path), (error) => {
        assert.ok(error instanceof MediaError, `${error}`);
        assert.match(error.message, sentence);
        assert.match(error.message, /Export it again and upload the new file\.$/);
        return true;
      });
      const grown = (process.resourceUsage().maxRSS - before) / 1024;
      assert.ok(grown < 64, `${grown} MB more`);
    });
  }
});

test('the index of a caller’s file is read in a process of its own, which ends when it is told to', async (t) => {
  const dir = await folder(t);
  const path = await file(dir, 'a.m4a', await readFile(join(given, 'short.m4a')));
  const { signal } = new AbortController();
  const { audio, ...others } = await readInBox({ box, dir, signal }, path);
  assert.deepEqual(audio, await readAacAudio(path));
  assert.deepEqual(others, { onlySound: true, promisedSeconds: 0.5, heardSeconds: 0.5 });
  const reason = new Error('stopped');
  await assert.rejects(readInBox({ box, dir, signal: AbortSignal.abort(reason) }, path), reason);
  const bomb = await file(dir, 'bomb.m4a', Buffer.alloc(1e6, mp4Box('free')));
  await assert.rejects(readInBox({ box, dir, signal }, bomb), MediaError);
  assert.deepEqual((await readdir(dir)).sort(), ['a.m4a', 'bomb.m4a']);
});
