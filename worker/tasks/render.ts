import { setTimeout as delay } from 'node:timers/promises';
import type { Task } from 'graphile-worker';
import { toApiError } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import { renderSeconds, waitSeconds } from '../../src/metrics/counted.ts';
import { isAway } from '../../src/postgres/away.ts';
import { call } from '../../src/postgres/call.ts';
import { rendererNumber } from '../../src/video_options.ts';
import type { WorkerDeps } from '../deps.ts';
import { MediaError, RenderError } from '../media/make_video.ts';
import { isOvertaken } from '../progress.ts';
import { NotBegun } from '../queue/not_begun.ts';
import { untilAnswered } from '../until_answered.ts';
import type { RenderAttempt } from './attempt.ts';
import { makeAndStore } from './make_and_store.ts';
import { overtaken } from './overtaken.ts';
import { createRenderGate, type RenderGate } from './render_gate.ts';

/** One attempt at one job: claim, make the video, store it, complete; or report why not. */
export const render = (deps: WorkerDeps): Task => {
  const gate = createRenderGate();
  const running = new Map<string, Promise<void>>();
  return async (payload, { job: { task_identifier: task } }) => {
    const { jobId } = payload as { jobId: string };
    // A job that was handed back and taken again at once may still be cleaned up by the previous attempt.
    const before = running.get(jobId) ?? Promise.resolve();
    const mine = before.catch(() => {}).then(() => takeTurn(deps, gate, jobId, task));
    running.set(jobId, mine);
    try {
      await mine;
    } finally {
      if (running.get(jobId) === mine) running.delete(jobId);
    }
  };
};

async function takeTurn(
  deps: WorkerDeps,
  gate: RenderGate,
  jobId: string,
  task: string,
): Promise<void> {
  for (const alone of [false, true]) {
    const through = await gate.enter(alone);
    try {
      // The queue row stays, for another worker.
      if (deps.draining.aborted) throw new NotBegun();
      const claim = await untilAnswered(deps, () =>
        call(deps.db, 'claim_job', {
          job_id: jobId,
          process_id: deps.processId,
          is_alone: alone,
          renderer: rendererNumber,
        }),
      );
      // Cancelled, or claimed by another worker: only the queue row is left, and returning removes it.
      if (!claim) return;
      if (claim.attempt === 1) waitSeconds.observe({ task }, claim.waited_seconds);
      if (claim.attempt !== null) {
        const threads = threadsFor(gate.inside(), deps.config.renderConcurrency);
        return await run(deps, { ...claim, jobId, task, attempt: claim.attempt, threads });
      }
    } finally {
      through();
    }
  }
}

/** Each try is an attempt, so a bucket that is away for a day makes thousands, but no more. */
const storageRetrySeconds = 10;

/** Beyond this, each further piece costs more than it gains: see `cutEvenly`. */
const mostThreads = 8;

/** A job that runs alone uses all slots; the more jobs, the fewer slots each. */
export const threadsFor = (jobs: number, slots: number): number =>
  Math.min(mostThreads, Math.max(1, Math.floor(slots / jobs)));

async function run(deps: WorkerDeps, attempt: RenderAttempt): Promise<void> {
  const { jobId, task, api_key_name: key } = attempt;
  const log = deps.log.child({ jobId, attempt: attempt.attempt, key });
  log.info('rendering');
  const began = performance.now();
  let outcome = 'completed';
  try {
    await makeAndStore(deps, attempt, log);
    log.info({ seconds: Math.round((performance.now() - began) / 10) / 100 }, 'completed');
  } catch (error) {
    outcome = await end(deps, attempt, error, log).catch((refusal) =>
      overtaken(deps, jobId, refusal, log),
    );
  }
  renderSeconds.observe({ task, outcome }, (performance.now() - began) / 1_000);
}

/**
 * A fault of the input ends the job; a fault of this machine, or its shutdown, hands it back. Errors from
 * Postgres are thrown: a task that returned would delete its successor's queue row.
 */
async function end(
  deps: WorkerDeps,
  { jobId, attempt }: RenderAttempt,
  error: unknown,
  log: Log,
): Promise<'failed' | 'handed_back'> {
  if (isOvertaken(error)) throw error;
  const stopping = deps.draining.aborted;
  // Not while shutting down: the host may have signalled ffmpeg too, which then looks like a bad file.
  if (error instanceof MediaError && !stopping) {
    // The caller's file is at fault, so the log gets what was said about it, without stacks.
    const cause = causeOf(error);
    log.info({ reason: error.message, cause }, 'failed');
    await untilAnswered(deps, () =>
      call(deps.db, 'fail_job', {
        job_id: jobId,
        attempt,
        error_message: error.message,
        error_detail: cause,
      }),
    );
    return 'failed';
  }
  const storageIsAway = toApiError(error).code === 'storage_unavailable';
  const databaseIsAway = isAway(error);
  const elsewhere = stopping || storageIsAway || databaseIsAway;
  if (databaseIsAway) await delay(1_000);
  if (stopping) log.info('handed back: shutting down');
  else log.warn({ err: error }, 'handed back');
  const { message, detail } =
    error instanceof RenderError
      ? error
      : {
          message:
            'The video could not be made because of a fault on our side. Submit the job again.',
          detail: String(error),
        };
  // A machine that fails at everything says nothing about the job, which keeps its tries.
  const counts = !elsewhere && (await deps.isWell());
  await untilAnswered(deps, () =>
    call(deps.db, 'release_job', {
      job_id: jobId,
      attempt,
      error_message: counts ? message : null,
      error_detail: stopping ? null : detail,
      retry_in: `${storageIsAway && !stopping ? storageRetrySeconds : 0} seconds`,
    }),
  );
  return 'handed_back';
}

/** What a decoder or server said, for operators. It can be as long as it likes. */
const causeOf = ({ cause }: Error): string | undefined =>
  cause === undefined
    ? undefined
    : String(cause instanceof Error ? cause.message : cause)
        .replaceAll('\0', '')
        .slice(-2_000);
