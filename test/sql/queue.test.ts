import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { sql } from 'kysely';
import { openDb } from '../../src/postgres/db.ts';
import { createDatabase, suiteCleanup } from '../support/database.ts';
import { createJob, createKey } from '../support/service.ts';

test('a job that the queue does not take is not made', async () => {
  const cleanup = suiteCleanup();
  const db = openDb((await createDatabase(cleanup)).url, { max: 1 });
  cleanup.after(() => db.close());
  const key = await createKey(db);
  await db.run(
    sql`create function public.refuse() returns trigger language plpgsql as 'begin return null; end'`,
  );
  await db.run(sql`
    create trigger refuse before insert on graphile_worker._private_jobs
    for each row execute function public.refuse()`);
  await assert.rejects(createJob(db, key.id), /The queue did not take render for job c/);
  assert.deepEqual(await db.run(sql`select from vidgen.job`), []);
});

test('one function knows the private tables of the queue, so that an upgrade has one place to look', async () => {
  const knowing: string[] = [];
  for (const name of await readdir('sql', { recursive: true })) {
    if (!name.endsWith('.sql')) continue;
    if ((await readFile(`sql/${name}`, 'utf8')).includes('graphile_worker._private'))
      knowing.push(name);
  }
  assert.deepEqual(knowing, ['api/unlock_lost_tasks.sql']);
});
