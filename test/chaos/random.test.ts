import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomRun } from './random/random_run.ts';

test('a short random run: all that must hold holds in the end', async (t) => {
  // The seed is fixed, so each run has the same disturbances; "npm run chaos" takes any seed and duration.
  const run = await randomRun(t, { seed: 7, seconds: 7, webs: 2, workers: 2, customers: 3 });
  assert.deepEqual(run.violations, []);
  assert.ok(Object.values(run.jobs).length > 0);
  t.diagnostic(JSON.stringify(run));
});
