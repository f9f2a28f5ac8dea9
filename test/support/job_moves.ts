import { sql } from 'kysely';
import { call } from '../../src/postgres/call.ts';
import type { Db } from '../../src/postgres/db.ts';
import { rendererNumber } from '../../src/video_options.ts';

/** A worker as SQL sees it: moves jobs as a real one would, without rendering anything. */
export async function workerOn(db: Db) {
  const row = await db.first(sql<{ id: number }>`
    insert into vidgen.process (kind, host, pid, beat_at)
    values ('worker', 'test', 1, now() + interval '1 day') returning id`);
  const processId = row?.id as number;
  const blob = async () => {
    const made = await db.first(sql<{ id: string }>`
      insert into vidgen.blob (process_id, content_type, size, sha256)
      values (${processId}, 'video/mp4', 0, sha256('')) returning id`);
    return made?.id as string;
  };
  return {
    claim: (jobId: string, renderer = rendererNumber) =>
      call(db, 'claim_job', { job_id: jobId, process_id: processId, is_alone: true, renderer }),
    progress: (jobId: string, percent: number, attempt = 1) =>
      call(db, 'set_progress', { job_id: jobId, attempt, percent }),
    complete: async (jobId: string, publicUrl: string, attempt = 1, facts = {}) =>
      call(db, 'complete_job', {
        job_id: jobId,
        attempt,
        video_blob_id: await blob(),
        poster_blob_id: await blob(),
        audio_seconds: 1.5,
        render_seconds: 0.5,
        width: 640,
        height: 480,
        public_url: publicUrl,
        facts,
      }),
    fail: (jobId: string, message: string, attempt = 1) =>
      call(db, 'fail_job', { job_id: jobId, attempt, error_message: message }),
    /** The worker dies: its jobs go back to the queue. */
    die: () => call(db, 'bury_process', { process_id: processId, why: 'worker died' }),
  };
}
