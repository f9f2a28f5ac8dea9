import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { MediaError } from '../../worker/media/errors.ts';
import { boxAt, fullBox, box as mp4Box, u32 } from '../../worker/media/mp4/boxes.ts';
import { fileType } from '../../worker/media/mp4/movie_box.ts';
import { readAacAudio } from '../../worker/media/mp4/read.ts';
import { readInBox } from '../../worker/media/mp4/read_in_box.ts';
import {
  box,
  decodeSound,
  file,
  folder,
  plainPicture,
  probe,
  render,
  synthesize,
} from '../support/media.ts';

test('AAC-LC in an M4A is copied packet by packet, at 44.1 and 48 kHz', async (t) => {
  const dir = await folder(t);
  const imagePath = await plainPicture(dir);
  for (const rate of ['44100', '48000']) {
    const audioPath = await synthesize(
      dir,
      `${rate}.m4a`,
      'anoisesrc=d=5',
      '-ac',
      '2',
      '-ar',
      rate,
    );
    const made = await render(t, { imagePath, audioPath, audioType: 'audio/mp4' });
    assert.equal((await probe(made.videoPath)).probed.streams[1]?.sample_rate, rate);
    assert.deepEqual(await decodeSound(made.videoPath), await decodeSound(audioPath));
  }
});

test('sound of low rates ends where its edit list says, and not with the last packet', async (t) => {
  const dir = await folder(t);
  const imagePath = await plainPicture(dir);
  for (const [rate, channels, seconds] of [
    [8_000, 1, 2.999],
    [11_025, 1, 3.302],
    [22_050, 2, 3.3],
    [44_100, 1, 40.31],
  ] as const) {
    const source = `sine=d=${seconds}:r=${rate}`;
    const audioPath = await synthesize(dir, `${rate}.m4a`, source, '-ac', `${channels}`);
    const { videoPath } = await render(t, { imagePath, audioPath, audioType: 'audio/mp4' });
    const lasts = Number((await probe(videoPath)).probed.format.duration);
    assert.ok(Math.abs(lasts - seconds) < 0.04, `${rate} Hz: ${lasts} s, not ${seconds}`);
  }
});

test('a copied track that is damaged at its end is decoded instead', async (t) => {
  const dir = await folder(t);
  const imagePath = await plainPicture(dir);
  const audioPath = await synthesize(dir, 'a.m4a', 'anoisesrc=d=5', '-ac', '2');
  const track = await readAacAudio(audioPath);
  assert.ok(track);
  const bytes = await readFile(audioPath);
  const from = track.offsets.at(-40) ?? 0;
  bytes.fill(0xff, from, (track.offsets.at(-1) ?? 0) - 1);
  const made = await render(t, {
    imagePath,
    audioPath: await file(dir, 'b.m4a', bytes),
    audioType: 'audio/mp4',
  });
  assert.ok(made.audioSeconds > 3.5 && made.audioSeconds < 5.1, `${made.audioSeconds}`);
});

test('a packet larger than any of AAC is none', async (t) => {
  const dir = await folder(t);
  const bytes = await readFile(await synthesize(dir, 'a.m4a', 'sine=d=0.5', '-ac', '2'));
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
  const path = await synthesize(dir, 'a.m4a', 'sine=d=0.5', '-ac', '2');
  const { signal } = new AbortController();
  const { audio, ...seconds } = await readInBox({ box, dir, signal }, path);
  assert.deepEqual(audio, await readAacAudio(path));
  assert.deepEqual(seconds, { promisedSeconds: 0.5, heardSeconds: 0.5 });
  const reason = new Error('stopped');
  await assert.rejects(readInBox({ box, dir, signal: AbortSignal.abort(reason) }, path), reason);
  const bomb = await file(dir, 'bomb.m4a', Buffer.alloc(1e6, mp4Box('free')));
  await assert.rejects(readInBox({ box, dir, signal }, bomb), MediaError);
  assert.deepEqual((await readdir(dir)).sort(), ['a.m4a', 'bomb.m4a']);
});
