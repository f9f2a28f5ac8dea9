import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { type Functions, readings } from '../../src/postgres/api.types.ts';
import { call, calling } from '../../src/postgres/call.ts';
import { openDb } from '../../src/postgres/db.ts';
import { openRows } from '../../src/storage/rows.ts';
import { createDatabase, suiteCleanup } from '../support/database.ts';
import { createJob, createKey } from '../support/service.ts';

const cleanup = suiteCleanup();
const { url } = await createDatabase(cleanup);
const db = openDb(url, { max: 1 });
cleanup.after(() => db.close());
const rows = openRows(url, 1);
cleanup.after(() => rows.close());

test('a call returns what its function declares: a value, values, one row or none, rows', async () => {
  const key = await createKey(db);
  const jobId = await createJob(db, key.id);
  const publicUrl = 'https://videos.example';
  for (const connection of [db, rows]) {
    const isLast: boolean = await call(connection, 'is_last_try', { job_id: jobId });
    assert.equal(isLast, false);
    const unknown: string[] = await call(connection, 'unknown_objects', {
      object_keys: ['a', 'b'],
    });
    assert.deepEqual(unknown, ['a', 'b']);
    const found = await call(connection, 'find_media', { share_token: '', kind: 'video' });
    assert.equal(found, undefined);
    const listed = await call(connection, 'get_job_statuses', {
      job_ids: [jobId],
      public_url: publicUrl,
    });
    assert.deepEqual(
      listed.map((row) => row.status),
      ['PENDING'],
    );
    assert.equal(JSON.parse(listed[0]?.body ?? '').jobId, jobId);
    const [page] = await call(connection, 'list_jobs', {
      api_key_ids: [key.id],
      page_sizes: [1],
      before_ids: [null],
      only_statuses: [null],
      only_metadata: [null],
      public_url: publicUrl,
    });
    assert.equal(JSON.parse(page?.body ?? '').jobs[0].id, jobId);
  }
});

test('an argument that is undefined is left to its default, and null is null', async () => {
  const name = 'to its default';
  await createKey(db, name);
  const rotate = async (grace: string | undefined) => {
    const secret = { name, sealed_secret: 'sealed:x:y' };
    return (await call(db, 'admin.rotate_webhook_secret', { ...secret, grace }))
      .previous_valid_until;
  };
  assert.ok((await rotate(undefined)) instanceof Date);
  assert.equal(await rotate('0s'), null);
  await assert.rejects(rotate(null as never), { detail: 'invalid_grace' });
});

test('as part of a statement it takes expressions', async () => {
  const key = await createKey(db);
  const jobId = await createJob(db, key.id);
  const status = calling('get_job_status', {
    api_key_ids: sql`array[k.id]`,
    job_ids: [jobId],
    public_url: 'https://videos.example',
  });
  assert.deepEqual(
    await db.run(sql`
      select s.body->>'jobId' as id from vidgen.api_key k, lateral ${status} s where k.id = ${key.id}`),
    [{ id: jobId }],
  );
});

test('Postgres knows each function by the names and columns that are generated', async () => {
  const functions = (await rows.query(
    `select case n.nspname when 'api' then '' else 'admin.' end || p.proname as name,
       coalesce(p.proargnames[1:p.pronargs], '{}') as parameters
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where n.nspname in ('api', 'admin') and not exists (
       select from unnest(array_append(p.proargtypes::oid[], p.prorettype)) t join pg_type c on c.oid = t where c.typtype = 'c')`,
    [],
  )) as { name: keyof Functions; parameters: string[] }[];
  for (const { name, parameters } of functions) {
    const given = parameters.map((parameter, i) => `${parameter} => $${i + 1}`);
    const statement = readings[name].statement.replace('%', given.join(', '));
    await rows.query(`prepare tried as ${statement}`, []);
    await rows.query('deallocate tried', []);
  }
  assert.deepEqual(functions.map(({ name }) => name).sort(), Object.keys(readings).sort());
});
