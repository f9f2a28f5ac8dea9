import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { batchesOf } from '../batches.ts';

test('hooks of files that share a process stand in a describe: outside they would be for all of them', async () => {
  const shared = batchesOf(globSync('test/**/*.test.ts')).filter((batch) => batch.length > 1);
  assert.ok(shared.length > 5);
  for (const file of shared.flat())
    assert.doesNotMatch(await readFile(file, 'utf8'), /^(before|after)(Each)?\(/m, file);
});
