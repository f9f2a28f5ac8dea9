import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { folder } from '../support/media.ts';
import { fuzz } from './fuzz.ts';
import { READERS } from './readers.ts';

const INPUTS = 400;
const MOST_MEMORY = 150 * 1024 * 1024;

// The same inputs each time; "npm run fuzz" takes others, for as long as one likes.
describe('readers of callers’ bytes refuse what is wrong, and do nothing else', () => {
  for (const reader of READERS) {
    test(reader.name, async (t) => {
      const dir = await folder(t);
      const before = process.resourceUsage().maxRSS * 1024;
      const goesOn = (input: number) => input < INPUTS;
      const { inputs } = await fuzz(reader, { dir, seed: 7, from: 0, goesOn });
      assert.equal(inputs, INPUTS);
      const grown = process.resourceUsage().maxRSS * 1024 - before;
      assert.ok(grown < MOST_MEMORY, `${Math.round(grown / 2 ** 20)} MB more`);
    });
  }
});
