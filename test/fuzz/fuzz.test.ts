import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
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
      const before = process.resourceUsage().maxRSS * 1024;
      const goesOn = (input: number) => input < inputsPerReader;
      const { inputs } = await fuzz(reader, { dir, seed: 7, from: 0, goesOn });
      assert.equal(inputs, inputsPerReader);
      const grown = process.resourceUsage().maxRSS * 1024 - before;
      assert.ok(grown < mostMemory, `${Math.round(grown / 2 ** 20)} MB more`);
    });
  }
});

test('an MP3 of millions of empty tags is passed on to the decoder', async (t) => {
  const dir = await folder(t);
  const empty = Buffer.from('ID3\x04\0\0\0\0\0\0', 'latin1');
  const path = await file(dir, 'tags.mp3', Buffer.alloc(20e6, empty));
  const { warnings } = await openAudio({ ...unboxed, dir }, { path, type: 'audio/mpeg' });
  assert.deepEqual(warnings, []);
});
