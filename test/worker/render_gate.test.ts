import assert from 'node:assert/strict';
import { test } from 'node:test';
import { threadsFor } from '../../worker/tasks/render.ts';
import { createRenderGate } from '../../worker/tasks/render_gate.ts';

test('one that must be alone waits for the others, and they for it, in the order they came', async () => {
  const gate = createRenderGate();
  const log: string[] = [];
  const enter = (name: string, alone: boolean) =>
    gate.enter(alone).then((through) => {
      log.push(name);
      return through;
    });
  const [a, b] = await Promise.all([enter('a', false), enter('b', false)]);
  const alone = enter('alone', true);
  const c = enter('c', false);
  const d = enter('d', false);
  a();
  await new Promise(setImmediate);
  assert.deepEqual([log, gate.inside()], [['a', 'b'], 1], 'b is still inside');
  b();
  const through = await alone;
  await new Promise(setImmediate);
  assert.deepEqual(log, ['a', 'b', 'alone']);
  through();
  for (const leave of await Promise.all([c, d])) leave();
  assert.deepEqual(log, ['a', 'b', 'alone', 'c', 'd']);
  (await enter('again', true))();
});

test('the jobs of a process share its slots: no machine starts cores times cores processes', () => {
  assert.deepEqual(
    [1, 2, 3].map((jobs) => threadsFor(jobs, 2)),
    [2, 1, 1],
  );
  assert.deepEqual(
    [1, 4, 8, 16].map((jobs) => threadsFor(jobs, 16)),
    [8, 4, 2, 1],
  );
});
