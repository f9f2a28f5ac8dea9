import { sql } from 'kysely';
import type { Db } from '../../src/postgres/db.ts';

/** A worker as SQL sees it: moves jobs as a real one would, without rendering anything. */
export async function workerOn(db: Db) {
  const row = await db.first(sql<{ id: number }>`
    insert into vidgen.process (kind, host, pid, beat_at)
    values ('worker', 'test', 1, now() + interval '1 day') returning id`);
  const processId = row?.id;
  const blob = async () => {
    const made = await db.first(sql<{ id: string }>`
      insert into vidgen.blob (process_id, content_type, size, sha256)
      values (${processId}, 'video/mp4', 0, sha256('')) returning id`);
    return made?.id;
  };
  return {
    claim: (jobId: string) =>
      db.run(sql`select * from api.claim_job(${jobId}, ${processId}, true)`),
    progress: (jobId: string, percent: number, attempt = 1) =>
      db.run(sql`select api.set_progress(${jobId}, ${attempt}, ${percent})`),
    complete: async (jobId: string, publicUrl: string, attempt = 1) =>
      db.run(sql`
        select api.complete_job(${jobId}, ${attempt}, ${await blob()}, ${await blob()},
          1.5, 0.5, 640, 480, ${publicUrl})`),
    fail: (jobId: string, message: string, attempt = 1) =>
      db.run(sql`select api.fail_job(${jobId}, ${attempt}, ${message})`),
    /** The worker dies: its jobs go back to the queue. */
    die: () => db.run(sql`select api.bury_process(${processId}, 'worker died')`),
  };
}
