import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomRun } from './random/random_run.ts';

test('a short random run: all that must hold holds in the end', async (t) => {
  const seed = Math.floor(Math.random() * 1_000_000);
  t.diagnostic(`seed ${seed}: npm run chaos -- --seed ${seed} --minutes 0.3`);
  const run = await randomRun(t, { seed, seconds: 18, webs: 2, workers: 2, customers: 4 });
  assert.deepEqual(run.violations, []);
  assert.ok(Object.values(run.jobs).length > 0);
  t.diagnostic(JSON.stringify(run));
});
