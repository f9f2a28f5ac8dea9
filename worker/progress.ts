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
 * Writes what it is given, at most twice a second and one write at a time. A failed write is ignored, because
 * the next one supersedes it. `overtaken` aborts when the answer is that the job was given away or has ended.
 */
function createReport<Report>(o: {
  write(report: Report): Promise<boolean>;
  /** Asks the same without having news. Without an answer the next report tells. */
  check(): Promise<boolean>;
}) {
  const overtaken = new AbortController();
  let writing: Promise<void> | undefined;
  let lastAt = 0;

  async function ask(isHeld: Promise<boolean>): Promise<void> {
    if ((await isHeld.catch(() => undefined)) === false) overtaken.abort(overtakenError());
  }

  return {
    overtaken: overtaken.signal,
    check: (): Promise<void> => ask(o.check()),
    /** Returns whether it is being written. */
    report(report: Report): boolean {
      if (writing || performance.now() - lastAt < twiceASecond) return false;
      lastAt = performance.now();
      writing = ask(o.write(report)).finally(() => {
        writing = undefined;
      });
      return true;
    },
    settled: async (): Promise<void> => writing,
  };
}

/** Writes the progress of an attempt. */
export function createProgress(db: Db, jobId: string, attempt: number) {
  let written = 0;
  const { report, ...rest } = createReport<number>({
    write: (percent) => call(db, 'set_progress', { job_id: jobId, attempt, percent }),
    check: () => call(db, 'holds_job', { job_id: jobId, attempt }),
  });
  return {
    ...rest,
    /** @param fraction share of the work done, 0 to 1 */
    report(fraction: number): void {
      const percent = Math.min(99, Math.floor(fraction * 100));
      if (percent > written && report(percent)) written = percent;
    },
  };
}

/** Writes how much of a job's files was fetched. */
export function createFetchProgress(db: Db, jobId: string, processId: number) {
  type Fetched = { kind: string; fetched_bytes: number; total_bytes?: number | undefined };
  let latest: Fetched | undefined;
  const write = (fetched: Fetched) =>
    call(db, 'report_fetch', { job_id: jobId, process_id: processId, ...fetched });
  const { report, ...rest } = createReport<Fetched>({
    write,
    check: async () => !latest || write(latest),
  });
  return {
    ...rest,
    /** @param total as the server states it, if it does */
    report(kind: string, bytes: number, total?: number): void {
      latest = { kind, fetched_bytes: bytes, total_bytes: total };
      report(latest);
    },
  };
}

export type FetchProgress = ReturnType<typeof createFetchProgress>;
