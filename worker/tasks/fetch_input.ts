import { setTimeout as delay } from 'node:timers/promises';
import type { Task } from 'graphile-worker';
import { toApiError } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import { isAway } from '../../src/postgres/away.ts';
import { call } from '../../src/postgres/call.ts';
import { maxCaptionsBytes } from '../../src/upload/fields.ts';
import { maxFileBytesOf } from '../../src/upload/max_file.ts';
import type { WorkerDeps } from '../deps.ts';
import { MediaError } from '../media/errors.ts';
import { createFetchProgress, type FetchProgress, isOvertaken } from '../progress.ts';
import { NotBegun } from '../queue/not_begun.ts';
import { untilAnswered } from '../until_answered.ts';
import { fetchFile, type InputKind } from './fetch_file.ts';
import { overtaken } from './overtaken.ts';

/** Small files first, because any of them may end the job. */
const order: InputKind[] = ['captions', 'image', 'audio'];

/** Seconds before the next try, when the storage or the database is away. */
const retrySeconds = 10;

type Sources = Partial<Record<InputKind, string>>;

/** Fetches the files of a job that were given by address; the last one queues its rendering. */
export const fetchInput =
  (deps: WorkerDeps): Task =>
  async (payload) => {
    const { jobId } = payload as { jobId: string };
    // The queue row stays, for another worker.
    if (deps.draining.aborted) throw new NotBegun();
    const begun = await untilAnswered(deps, () =>
      call(deps.db, 'begin_fetch', { job_id: jobId, process_id: deps.processId }),
    );
    // Cancelled, or everything is there: only the queue row is left, and returning removes it.
    if (!begun) return;
    const log = deps.log.child({ jobId });
    const maxFileBytes = maxFileBytesOf(begun.max_file_mb, deps.config.maxFileBytes);
    try {
      await fetchAll(deps, jobId, begun.sources as Sources, maxFileBytes);
      log.info('fetched');
    } catch (error) {
      await end(deps, jobId, error, log).catch((refusal) => overtaken(deps, jobId, refusal, log));
    }
  };

async function fetchAll(
  deps: WorkerDeps,
  jobId: string,
  sources: Sources,
  maxFileBytes: number,
): Promise<void> {
  const progress = createFetchProgress(deps.db, jobId, deps.processId);
  deps.checks.set(jobId, progress.check);
  try {
    for (const kind of order) {
      const url = sources[kind];
      if (url) await fetchOne(deps, jobId, { kind, url, maxFileBytes, progress });
    }
  } catch (error) {
    // Whatever broke off because of it.
    progress.overtaken.throwIfAborted();
    throw error;
  } finally {
    // The rendering, queued by the last file, may have begun here.
    if (deps.checks.get(jobId) === progress.check) deps.checks.delete(jobId);
    await progress.settled();
  }
}

async function fetchOne(
  deps: WorkerDeps,
  jobId: string,
  o: { kind: InputKind; url: string; maxFileBytes: number; progress: FetchProgress },
): Promise<void> {
  const { kind, url, progress } = o;
  const { id } = await fetchFile({
    kind,
    url,
    maxBytes: kind === 'captions' ? maxCaptionsBytes : o.maxFileBytes,
    transport: { ranges: deps.config.fetchRanges, idleMs: 30_000 },
    store: deps.store,
    processId: deps.processId,
    signal: AbortSignal.any([deps.stopping, progress.overtaken]),
    onProgress: (bytes, total) => progress.report(kind, bytes, total),
  });
  try {
    await untilAnswered(deps, () =>
      call(deps.db, 'attach_input', {
        job_id: jobId,
        process_id: deps.processId,
        kind,
        blob_id: id,
      }),
    );
  } catch (error) {
    await deps.store.discard([id]).catch(() => {});
    throw error;
  }
}

/**
 * What the caller can mend ends the job; a shutdown, or storage that is away, hands it back. Everything else
 * is thrown: the queue calls again, and api.begin_fetch counts.
 */
async function end(deps: WorkerDeps, jobId: string, error: unknown, log: Log): Promise<void> {
  const held = { job_id: jobId, process_id: deps.processId };
  const stopping = deps.draining.aborted;
  if (isOvertaken(error)) throw error;
  if (error instanceof MediaError && !stopping) {
    log.info({ reason: error.message }, 'not fetched');
    await untilAnswered(deps, () =>
      call(deps.db, 'fail_fetch', { ...held, error_message: error.message }),
    );
    return;
  }
  const storageIsAway = toApiError(error).code === 'storage_unavailable';
  const databaseIsAway = isAway(error);
  if (!stopping && !storageIsAway && !databaseIsAway) throw error;
  if (databaseIsAway) await delay(1_000);
  if (stopping) log.info('handed back: shutting down');
  else log.warn({ err: error }, 'handed back');
  await untilAnswered(deps, () =>
    call(deps.db, 'release_fetch', { ...held, retry_in: `${stopping ? 0 : retrySeconds} seconds` }),
  );
}
