import { call } from '../src/postgres/call.ts';
import type { Db } from '../src/postgres/db.ts';

const twiceASecond = 500;

/** As api.raise_overtaken raises it. */
const overtakenError = () =>
  Object.assign(new Error('This attempt no longer holds its job.'), {
    detail: 'attempt_overtaken',
  });

export const isOvertaken = (error: unknown): boolean =>
  (error as { detail?: string } | null)?.detail === 'attempt_overtaken';

/**
 * Writes the progress of an attempt, at most twice a second and one write at a time. A failed write is
 * ignored, because the next one supersedes it. `overtaken` aborts when the job was given away
 * or has ended.
 */
export function createProgress(db: Db, jobId: string, attempt: number) {
  const overtaken = new AbortController();
  let writing: Promise<void> | undefined;
  let written = 0;
  let lastAt = 0;

  const stop = () => overtaken.abort(overtakenError());

  async function write(percent: number): Promise<void> {
    const isHeld = await call(db, 'set_progress', { job_id: jobId, attempt, percent }).catch(
      () => undefined,
    );
    if (isHeld === false) stop();
  }

  return {
    overtaken: overtaken.signal,
    /** Asks whether this attempt still holds the job. Without an answer the next report tells. */
    async check(): Promise<void> {
      const isHeld = await call(db, 'holds_job', { job_id: jobId, attempt }).catch(() => undefined);
      if (isHeld === false) stop();
    },
    /** @param fraction share of the work done, 0 to 1 */
    report(fraction: number): void {
      const percent = Math.min(99, Math.floor(fraction * 100));
      if (writing || percent <= written || performance.now() - lastAt < twiceASecond) return;
      written = percent;
      lastAt = performance.now();
      writing = write(percent).finally(() => {
        writing = undefined;
      });
    },
    settled: async (): Promise<void> => writing,
  };
}
