import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { startService } from '../support/service.ts';

test('ready while the database is current, and not when a migration is missing', async (t) => {
  const service = await startService(t);
  const ready = await service.call('/api/ready');
  assert.equal(ready.status, 200);
  assert.deepEqual(await ready.json(), { status: 'ready' });
  assert.ok(ready.headers.has('RateLimit-Remaining'));

  await service.db.run(sql`delete from vidgen.migration where name like 'migrations/%'`);
  const behind = await service.call('/api/ready');
  assert.equal(behind.status, 503);
  assert.equal(behind.headers.get('Retry-After'), '5');
  assert.equal(((await behind.json()) as { code: string }).code, 'migrations_pending');
});
