import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { call } from '../../src/postgres/call.ts';
import { openDb } from '../../src/postgres/db.ts';
import { createDatabase, suiteCleanup } from '../support/database.ts';

test('a client with nothing left is refused without a write, until its window is over', async () => {
  const cleanup = suiteCleanup();
  const db = openDb((await createDatabase(cleanup)).url, { max: 1 });
  cleanup.after(() => db.close());
  const ask = async (requests = 1) => {
    const clients = Array(requests).fill('192.0.2.1');
    const keys = { key_sha256s: Array(requests).fill(null), need_keys: false };
    return call(db, 'admit', { clients, ...keys, limits: [3] });
  };
  const row = () =>
    db.first(sql<{ hits: number; version: string }>`
      select hits, xmin::text as version from vidgen.rate_limit`);

  const outcome = (await ask(4)).map(({ refusal, remaining }) => [refusal, remaining]);
  assert.deepEqual(outcome, [
    [null, 2],
    [null, 1],
    [null, 0],
    ['rate_limited', 0],
  ]);
  const full = await row();
  for (const refused of await ask(2)) {
    assert.equal(refused.refusal, 'rate_limited');
    assert.equal(refused.remaining, 0);
    assert.ok(refused.reset_seconds >= 1 && refused.reset_seconds <= 60);
  }
  assert.deepEqual(await row(), full);

  await db.run(sql`update vidgen.rate_limit set window_start = now() - interval '61 seconds'`);
  assert.equal((await ask())[0]?.refusal, null);
  assert.equal((await row())?.hits, 1);
});
