import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { before, beforeEach, test } from 'node:test';
import { sql } from 'kysely';
import { call } from '../../src/postgres/call.ts';
import { createKey, type Key } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';
import { until, untilRow } from '../support/until.ts';
import type { Fleet, Process } from './fleet.ts';
import { type HeldFfmpeg, runs } from './inputs.ts';
import type { Relay } from './relay.ts';

/** Tests of the cancellation of jobs that a worker is rendering. */
export function cancelled(relay: () => Relay): void {
  let fleet: Fleet;
  let client: Relay['client'];
  let ffmpeg: HeldFfmpeg;
  let worker: Process;
  /** What the worker had said before. */
  let said: string;
  let key: Key;

  before(() => {
    ({ fleet, client, held: ffmpeg } = relay());
  });
  beforeEach(async () => {
    key = await createKey(fleet.db);
    worker = await relay().worker();
    said = worker.output();
  });

  /** A job whose render is held, with the processes that it has started. */
  async function rendering() {
    await ffmpeg.hold();
    const fields = { ...(await tinyInputs()), webhookUrl: relay().receiver.url };
    const { jobId } = (await (await client.submit(key, fields)).json()) as { jobId: string };
    return { jobId, processes: await ffmpeg.held() };
  }
  const remove = async (jobId: string, query = '?force=true', as = key) => {
    const response = await client.call(`/api/jobs/${jobId}${query}`, as, { method: 'DELETE' });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const rows = (statement: ReturnType<typeof sql>) => fleet.db.run(statement);

  async function assertNothingLeft(jobId: string, processes: number[]): Promise<void> {
    for (const pid of processes)
      await until(`ffmpeg ${pid} has gone`, async () => !(await runs(pid)));
    await until('the queue is empty', async () => {
      const queued = await rows(
        sql`select from graphile_worker.jobs where task_identifier <> 'tidy'`,
      );
      return queued.length === 0;
    });
    await until('the temporary folder has gone', async () => {
      return (await readdir(fleet.tmp)).every((name) => !name.startsWith('vidgen-render-'));
    });
    const made = sql`select from vidgen.blob
      where job_id is null or (job_id = ${jobId} and not vidgen.is_input(kind))`;
    assert.deepEqual(await rows(made), []);
    assert.deepEqual(await rows(sql`select from vidgen.webhook where job_id = ${jobId}`), []);
    const attempts = sql`select attempt, outcome from vidgen.attempt where job_id = ${jobId}`;
    assert.deepEqual(await rows(attempts), [{ attempt: 1, outcome: 'cancelled' }]);
    assert.equal(worker.output(), said, 'nothing to warn of');
  }

  test('at once for the caller and the key; ffmpeg ends, and nothing is left; twice is too late', async () => {
    const { jobId, processes } = await rendering();
    const plain = await remove(jobId, '');
    assert.equal(plain.status, 409);
    assert.equal(plain.body.error, 'Only a PENDING job can be cancelled; this one is PROCESSING.');
    assert.equal((await remove(jobId, '?force=false')).status, 409);
    assert.equal((await remove(jobId, '?force=true', await createKey(fleet.db))).status, 404);

    const done = await remove(jobId);
    assert.equal(done.status, 200);
    assert.deepEqual(done.body, { success: true, message: 'Job cancelled successfully' });
    await client.until(key, jobId, 'CANCELLED');
    const again = await remove(jobId);
    assert.equal(again.status, 409);
    assert.equal(
      again.body.error,
      'Only a PENDING or PROCESSING job can be cancelled; this one is CANCELLED.',
    );
    await assertNothingLeft(jobId, processes);

    // The key and the worker are free, and the same files can be submitted again.
    await ffmpeg.go();
    const retried = await client.call(`/api/jobs/${jobId}/retry`, key, { method: 'POST' });
    assert.equal(retried.status, 201);
    const { jobId: newId } = (await retried.json()) as { jobId: string };
    await client.until(key, newId, 'COMPLETED');
  });

  test('by force while it is PENDING, and a word that is no boolean', async (t) => {
    await call(fleet.db, 'admin.pause_queue');
    t.after(() => call(fleet.db, 'admin.resume_queue'));
    const { jobId } = (await (await client.submit(key, await tinyInputs())).json()) as {
      jobId: string;
    };
    const wrong = await remove(jobId, '?force=yes');
    assert.equal(wrong.status, 400);
    assert.equal(wrong.body.field, 'force');
    assert.equal((await remove(jobId)).status, 200);
  });

  test('a job that an operator fails stops as well, at once', async () => {
    const { jobId, processes } = await rendering();
    await call(fleet.db, 'admin.fail_job', { job_id: jobId, reason: 'We are moving.' });
    await client.until(key, jobId, 'FAILED');
    for (const pid of processes)
      await until(`ffmpeg ${pid} has gone`, async () => !(await runs(pid)));
    await untilRow(
      'the render has left the queue',
      fleet.db,
      sql`select where not exists (select from graphile_worker.jobs where key = ${`render:${jobId}`})`,
    );
    await ffmpeg.go();
  });

  test('the message is lost with its connection: the worker asks when it has another', async () => {
    const { jobId, processes } = await rendering();
    // Cancelled without a notification.
    await rows(sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'vidgen worker lease' and datname = current_database()`);
    await rows(sql`update vidgen.job set status = 'CANCELLED', process_id = null,
      finished_at = clock_timestamp() where id = ${jobId}`);
    for (const pid of processes)
      await until(`ffmpeg ${pid} has gone`, async () => !(await runs(pid)));
    await ffmpeg.go();
  });
}
