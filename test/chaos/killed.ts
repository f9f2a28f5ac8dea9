import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import { sql } from 'kysely';
import pg from 'pg';
import { call } from '../../src/postgres/call.ts';
import { suiteCleanup } from '../support/database.ts';
import { answer, hang, type Receiver } from '../support/receiver.ts';
import { createKey, type Key } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';
import { untilRow } from '../support/until.ts';
import type { Fleet, Process } from './fleet.ts';
import type { HeldFfmpeg } from './inputs.ts';
import type { Relay } from './relay.ts';

/** Tests of SIGKILL at a known moment: the victim is held there. */
export function killed(relay: () => Relay): void {
  const cleanup = suiteCleanup();
  let fleet: Fleet;
  let web: Process;
  let key: Key;
  let receiver: Receiver;
  let holder: pg.Client;
  let ffmpeg: HeldFfmpeg;
  /** The process that will be killed. */
  let worker: Process;

  before(async () => {
    ({ fleet, web, receiver, held: ffmpeg } = relay());
    holder = new pg.Client({ connectionString: fleet.databaseUrl });
    await holder.connect();
    cleanup.after(() => holder.end());
    key = await createKey(fleet.db);
  });
  beforeEach(async () => {
    worker = await relay().worker();
  });

  /** One key submits again and again, so each time it must be free. */
  async function submit(): Promise<string> {
    receiver.received.length = 0;
    const response = await fleet
      .client(web)
      .submit(key, { ...(await tinyInputs()), webhookUrl: receiver.url });
    const body = (await response.json()) as { jobId: string };
    assert.equal(response.status, 201, JSON.stringify(body));
    return body.jobId;
  }
  const sentOf = (jobId: string) =>
    receiver.received.filter(({ body }) => JSON.parse(body.toString()).jobId === jobId);
  const waits = (statement: string) =>
    untilRow(
      `${statement} waits`,
      fleet.db,
      sql`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
        and query like ${`%${statement}%`} and pid <> pg_backend_pid()`,
    );
  /** A statement that it sent must not take effect after its death. */
  async function killAtItsStatement(): Promise<void> {
    worker.kill('SIGKILL');
    await worker.exited;
    await holder.query(`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`);
    await holder.query('rollback');
  }
  /** The sweep works in one transaction: once the process has left the table, its jobs are free. */
  async function freed(dead: Process): Promise<void> {
    await untilRow(
      'the dead one is swept away',
      fleet.db,
      sql`select 1 where not exists (select from vidgen.process where pid = ${dead.pid})`,
    );
  }
  /** The next worker finishes the job. */
  async function endsWell(jobId: string, retries: number): Promise<void> {
    await Promise.all([freed(worker), relay().worker()]);
    const status = await fleet.client(web).until(key, jobId, 'COMPLETED');
    assert.ok(status.outputVideo);
    await untilRow(
      'the webhook is delivered and the queue empty',
      fleet.db,
      sql`select from vidgen.webhook where job_id = ${jobId} and status = 'delivered' and not exists (
        select from graphile_worker.jobs where key = any (array[${`render:${jobId}`}, ${`deliver_webhook:${jobId}`}]))`,
    );
    const ids = new Set(sentOf(jobId).map((request) => request.headers['webhook-id']));
    assert.equal(ids.size, 1);
    const page = await fleet.client(web).call('/api/jobs?limit=1', key);
    const { jobs } = (await page.json()) as { jobs: { retries: number }[] };
    assert.equal(jobs[0]?.retries, retries);
    await untilRow(
      'nothing is without an owner',
      fleet.db,
      sql`select where not exists (select from vidgen.blob where job_id is null)`,
    );
    const blobs = await fleet.db.run(
      sql`select from vidgen.blob where job_id = ${jobId} and kind in ('video', 'poster')`,
    );
    assert.equal(blobs.length, 2, 'one video with its poster');
  }

  test('right after the claim', async () => {
    await call(fleet.db, 'admin.pause_queue');
    const jobId = await submit();
    await holder.query('begin; lock table vidgen.blob_chunk in access exclusive mode');
    await call(fleet.db, 'admin.resume_queue');
    await waits('read_blob_chunk');
    await killAtItsStatement();
    await endsWell(jobId, 1);
  });

  test('in the middle of a render', async () => {
    await ffmpeg.hold();
    const jobId = await submit();
    await ffmpeg.held();
    worker.kill('SIGKILL');
    await worker.exited;
    await ffmpeg.go();
    await endsWell(jobId, 1);
  });

  test('with the video stored, before it finishes the job', async () => {
    await holder.query('begin; lock table vidgen.webhook in share mode');
    const jobId = await submit();
    await waits('complete_job');
    await killAtItsStatement();
    await endsWell(jobId, 1);
  });

  test('with the job finished, before its queue row goes', async () => {
    await ffmpeg.hold();
    const jobId = await submit();
    await ffmpeg.held();
    await holder.query('begin');
    await holder.query('select from graphile_worker._private_jobs where key = $1 for update', [
      `render:${jobId}`,
    ]);
    await ffmpeg.go();
    await waits('delete from');
    await killAtItsStatement();
    await endsWell(jobId, 0);
  });

  test('in the middle of a webhook', async () => {
    receiver.answers = [hang, answer(200)];
    const jobId = await submit();
    await receiver.until(1);
    worker.kill('SIGKILL');
    await worker.exited;
    await endsWell(jobId, 0);
    assert.equal(sentOf(jobId).length, 2);
  });
}
