import { call } from '../src/postgres/call.ts';
import type { Db } from '../src/postgres/db.ts';

const twiceASecond = 500;

/**
 * Writes the progress of an attempt, at most twice a second and one write at a time. A failed write is
 * ignored, because the next one supersedes it. `overtaken` aborts when the job was given away.
 */
export function createProgress(db: Db, jobId: string, attempt: number) {
  const overtaken = new AbortController();
  let writing: Promise<void> | undefined;
  let written = 0;
  let lastAt = 0;

  async function write(percent: number): Promise<void> {
    const isHeld = await call(db, 'set_progress', { job_id: jobId, attempt, percent }).catch(
      () => undefined,
    );
    if (isHeld === false) {
      const cause = Object.assign(new Error('Another attempt holds the job.'), {
        detail: 'attempt_overtaken',
      });
      overtaken.abort(cause);
    }
  }

  return {
    overtaken: overtaken.signal,
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
