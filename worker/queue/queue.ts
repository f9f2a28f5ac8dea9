import { Logger, parseCrontab, type Runner, run, type TaskList } from 'graphile-worker';
import type { Log } from '../../src/log.ts';
import { openQueuePool } from './queue_pool.ts';

export type Queue = {
  /** Runs tasks, so many at a time, until `stop`. */
  start(taskList: TaskList, concurrency: number, crontab?: string): Promise<void>;
  /** The rows of the queue that are being run here just now. */
  running(): string[];
  /** Takes no new tasks and waits for the running ones. */
  stop(): Promise<void>;
  /** After `stop`. */
  close(): Promise<void>;
};

/**
 * The queue's runners, on a pool of their own.
 *
 * @param o.enroll is awaited before a runner takes its first task; the pool is what its rows in the
 *   queue are locked by
 * @param o.onEnd a runner ended without having been told to
 * @param o.giveUp aborts when nothing is to be waited for any more
 */
export function openQueue(o: {
  databaseUrl: string;
  log: Log;
  enroll(pool: string): Promise<unknown>;
  onEnd(error?: unknown): void;
  giveUp: AbortSignal;
}): Queue {
  const pool = openQueuePool(o.databaseUrl, o.log, o.giveUp);
  const runners: Runner[] = [];
  const running = new Set<string>();
  let stopping = false;

  /** The same tasks; while one runs, its row is known. */
  const tracked = (taskList: TaskList): TaskList =>
    Object.fromEntries(
      Object.entries(taskList).map(([name, task]) => [
        name,
        async (payload, helpers) => {
          running.add(helpers.job.id);
          try {
            await task?.(payload as never, helpers);
          } finally {
            running.delete(helpers.job.id);
          }
        },
      ]),
    );

  async function start(taskList: TaskList, concurrency: number, crontab = ''): Promise<void> {
    let enrolled: Promise<unknown> | undefined;
    const runner = await run({
      pgPool: pool,
      taskList: tracked(taskList),
      concurrency,
      // Given even when there are none: else a file "crontab" in the folder would be read.
      parsedCronItems: parseCrontab(crontab),
      noHandleSignals: true,
      logger: queueLogger(o.log),
      preset: {
        plugins: [
          {
            name: 'EnrollPlugin',
            version: '0.0.0',
            worker: {
              hooks: {
                startWorker: async (_, { worker }) => {
                  enrolled ??= o.enroll(worker.workerPool.id);
                  await enrolled;
                },
              },
            },
          },
        ],
        worker: {
          // New rows are notified; polling finds those whose time has come. Each slot polls for itself:
          // all together ten times a second.
          pollInterval: Math.max(1_000, 100 * concurrency),
          // The defaults answer for a job before its completion is written, and lose it at SIGTERM.
          completeJobBatchDelay: 0,
          failJobBatchDelay: 0,
        },
      },
    });
    runners.push(runner);
    const ended = (error?: unknown) => {
      if (!stopping) o.onEnd(error);
    };
    runner.promise.then(() => ended(), ended);
  }

  return {
    start,
    running: () => [...running],
    stop: async () => {
      stopping = true;
      await Promise.allSettled(runners.map((runner) => runner.stop()));
    },
    close: () => pool.end(),
  };
}

/** graphile-worker's own lines are details to us; its errors are not. */
const queueLogger = (log: Log) =>
  new Logger(() => (level, message) => {
    // A delivery waits for its receiver nearly all the time, so 50 of them do not need 50 connections.
    if (level === 'warning' && message.includes('maxPoolSize')) return;
    log[level === 'error' ? 'error' : level === 'warning' ? 'warn' : 'debug'](message);
  });
