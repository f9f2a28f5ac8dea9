import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { boxAt } from '../../worker/media/mp4/boxes.ts';
import { readAacAudio } from '../../worker/media/mp4/read.ts';
import {
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

test('an index that was tampered with is refused or stays within the file', async (t) => {
  const dir = await folder(t);
  const audioPath = await synthesize(dir, 'a.m4a', 'sine=d=0.5', '-ac', '2');
  const bytes = await readFile(audioPath);
  const index = boxAt(bytes, 'moov') ?? bytes;
  let seed = 1;
  const random = (below: number) => {
    seed = (seed * 48_271) % 0x7fff_ffff;
    return seed % below;
  };
  let refused = 0;
  for (let i = 0; i < 400; i++) {
    const at = random(index.length);
    const was = index[at] ?? 0;
    index[at] = random(256);
    const track = await readAacAudio(await file(dir, 'tampered.m4a', bytes));
    index[at] = was;
    if (!track) refused++;
    for (const [packet, offset] of track?.offsets.entries() ?? []) {
      assert.ok(offset + (track?.sizes[packet] ?? 0) <= bytes.length, `byte ${at}`);
    }
    assert.ok(!track || (track.samples > 0 && track.priming >= 0), `byte ${at}`);
  }
  assert.ok(refused > 50, `${refused} refused`);
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
