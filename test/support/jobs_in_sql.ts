import { sql } from 'kysely';
import { call } from '../../src/postgres/call.ts';
import { openDb } from '../../src/postgres/db.ts';
import { type Cleanup, createDatabase } from './database.ts';

export type Refusal = { code: string; detail: string; message: string };

/** A database with a worker that is only a row: it moves jobs without rendering them. */
export async function jobsInSql(t: Cleanup) {
  const { url } = await createDatabase(t);
  const db = openDb(url, { max: 3 });
  t.after(() => db.close());
  const worker = await db.first(sql<{ id: number }>`
    insert into vidgen.process (kind, host, pid, beat_at) values ('worker', 'test', 2, now() + interval '1 day')
    returning id`);
  const blob = async () => {
    const row = await db.first(sql<{ id: string }>`
      insert into vidgen.blob (process_id, content_type, size, sha256)
      values (${worker?.id}, 'video/mp4', 7, sha256('')) returning id`);
    return row?.id as string;
  };
  return {
    url,
    db,
    workerId: worker?.id as number,
    claim: async (jobId: string) =>
      (await call(db, 'claim_job', { job_id: jobId, process_id: worker?.id as number }))?.attempt,
    complete: async (jobId: string, attempt = 1) =>
      void (await call(db, 'complete_job', {
        job_id: jobId,
        attempt,
        video_blob_id: await blob(),
        poster_blob_id: await blob(),
        audio_seconds: 20,
        render_seconds: 2,
        width: 640,
        height: 480,
        public_url: 'https://videos.example',
      })),
    fail: async (jobId: string, reason: string, attempt = 1) =>
      void (await call(db, 'fail_job', {
        job_id: jobId,
        attempt,
        error_message: reason,
        error_detail: 'for operators',
      })),
    status: async (jobId: string) =>
      (await db.first(sql<{ status: string }>`select status from vidgen.job where id = ${jobId}`))
        ?.status,
    queued: async (task: string) =>
      (
        await db.run(
          sql<{
            key: string;
          }>`select key from graphile_worker.jobs where task_identifier = ${task}`,
        )
      ).map(({ key }) => key.replace(`${task}:`, '')),
  };
}

export type JobsInSql = Awaited<ReturnType<typeof jobsInSql>>;

/** For assert.rejects: an operator's mistake, refused with this code and with a sentence. */
export const refusedWith = (code: string) => (error: Refusal) =>
  error.detail === code && /^VG4\d\d$/.test(error.code) && /^[A-Z].*[.]$/s.test(error.message);
