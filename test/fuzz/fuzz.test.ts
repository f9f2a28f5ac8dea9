import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import sharp from 'sharp';
import type { ImageType } from '../../src/media_type.ts';
import { plainCanvas } from '../../worker/media/picture/canvas.ts';
import { composeFrame } from '../../worker/media/picture/compose_frame.ts';
import { openAudio } from '../../worker/media/sound/open_audio.ts';
import { file, folder } from '../support/media.ts';
import { fuzz } from './fuzz.ts';
import { readers, unboxed } from './readers.ts';

const inputsPerReader = 400;
const mostMemory = 150 * 1024 * 1024;

// The seed is fixed, so each run has the same inputs; "npm run fuzz" takes any seed and duration.
describe('readers of callers’ bytes refuse what is wrong, and do nothing else', () => {
  for (const reader of readers) {
    test(reader.name, async (t) => {
      const dir = await folder(t);
      // The libraries that it loads are not of the files' doing.
      await fuzz(reader, { dir, seed: 7, from: 0, goesOn: (input) => input < 1 });
      const before = process.resourceUsage().maxRSS * 1024;
      const goesOn = (input: number) => input < inputsPerReader;
      const { inputs } = await fuzz(reader, { dir, seed: 7, from: 0, goesOn });
      assert.equal(inputs, inputsPerReader);
      const grown = process.resourceUsage().maxRSS * 1024 - before;
      assert.ok(grown < mostMemory, `${Math.round(grown / 2 ** 20)} MB more`);
    });
  }
});

test('a picture of more segments than anybody needs is refused', async (t) => {
  const dir = await folder(t);
  const picture = sharp({ create: { width: 9, height: 9, channels: 3, background: '#456789' } });
  const jpeg = await picture.jpeg().toBuffer();
  const webp = await picture.webp().toBuffer();
  const segments = Buffer.alloc(4 * 100_001, Buffer.from([0xff, 0xe1, 0, 2]));
  const chunks = Buffer.alloc(8 * 10_001, Buffer.from('abcd\0\0\0\0'));
  const bombs: [ImageType, Buffer][] = [
    ['image/jpeg', Buffer.concat([jpeg.subarray(0, 2), segments, jpeg.subarray(2)])],
    ['image/webp', Buffer.concat([webp, chunks])],
  ];
  for (const [type, bytes] of bombs)
    await assert.rejects(composeFrame(await file(dir, 'bomb', bytes), type, plainCanvas), {
      name: 'MediaError',
      message: /too many segments/,
    });
  const fewer = Buffer.concat([
    jpeg.subarray(0, 2),
    segments.subarray(0, 40_000),
    jpeg.subarray(2),
  ]);
  await composeFrame(await file(dir, 'some', fewer), 'image/jpeg', plainCanvas);
});

test('an MP3 of millions of empty tags is passed on to the decoder', async (t) => {
  const dir = await folder(t);
  const empty = Buffer.from('ID3\x04\0\0\0\0\0\0', 'latin1');
  const path = await file(dir, 'tags.mp3', Buffer.alloc(20e6, empty));
  const { warnings } = await openAudio({ ...unboxed, dir }, { path, type: 'audio/mpeg' });
  assert.deepEqual(warnings, []);
});
