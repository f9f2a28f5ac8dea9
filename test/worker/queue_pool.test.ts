import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { freePort } from '../../src/process/free_port.ts';
import { openQueuePool } from '../../worker/queue/queue_pool.ts';

test('waiting for a connection ends with the pool', { timeout: 60_000 }, async () => {
  const url = `postgres://nobody@127.0.0.1:${await freePort()}/nothing`;
  const failed = new EventTarget();
  const log = { warn: () => failed.dispatchEvent(new Event('failed')) } as never;
  const pool = openQueuePool(url, 1, log, new AbortController().signal);
  const tried = once(failed, 'failed');
  const waiting = pool.connect();
  await tried;
  await pool.end();
  await assert.rejects(waiting, /after calling end on the pool/);
});
