import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import pg from 'pg';
import { createKey, startService } from '../support/service.ts';
import { until, untilRow } from '../support/until.ts';

test('a queue row that was locked for a worker which never heard of it is taken all the same', async (t) => {
  const { db, databaseUrl } = await startService(t, { worker: true });
  const { pool } = await untilRow(
    'the worker has its pools',
    db,
    sql<{
      pool: string;
    }>`select queue_pools[1] as pool from vidgen.process where queue_pools <> '{}'`,
  );
  const { id } = await createKey(db);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const blob = `insert into vidgen.blob (process_id, content_type, size, sha256)
    values (0, 'audio/wav', 0, '') returning id`;
  // In one transaction, so that no worker takes it in between.
  await client.query('begin');
  const [image, audio] = [await client.query(blob), await client.query(blob)];
  const { rows } = await client.query('select job_id from api.create_job($1, $2, $3)', [
    id,
    image.rows[0].id,
    audio.rows[0].id,
  ]);
  const jobId: string = rows[0].job_id;
  const locked = await client.query(
    `update graphile_worker._private_jobs set locked_by = $1, locked_at = now() - interval '11 seconds'
     where key = $2`,
    [pool, `render:${jobId}`],
  );
  assert.equal(locked.rowCount, 1);
  await client.query('commit');
  await client.end();
  await untilRow('it is taken', db, sql`select from vidgen.attempt where job_id = ${jobId}`);
  await until('it has ended', async () => {
    const row = await db.first(
      sql<{ status: string }>`select status from vidgen.job where id = ${jobId}`,
    );
    return row?.status === 'FAILED';
  });
});
