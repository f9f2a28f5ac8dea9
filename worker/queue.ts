import { Logger, parseCrontab, type Runner, run, type TaskList } from 'graphile-worker';
import pg from 'pg';
import { ImpatientClient, impatient } from '../src/impatient_client.ts';
import type { Log } from '../src/log.ts';

export type Queue = {
  /** Runs tasks, so many at a time, until `stop`. */
  start(taskList: TaskList, concurrency: number, crontab?: string): Promise<void>;
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
 */
export function openQueue(o: {
  databaseUrl: string;
  log: Log;
  enroll(pool: string): Promise<unknown>;
  onEnd(error?: unknown): void;
}): Queue {
  const { log } = o;
  const pool = new pg.Pool({
    ...impatient,
    Client: ImpatientClient,
    connectionString: o.databaseUrl,
    max: 8,
    application_name: 'vidgen queue',
  });
  const onError = (err: Error) => log.warn({ err }, 'queue connection');
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));
  const runners: Runner[] = [];
  let stopping = false;

  async function start(taskList: TaskList, concurrency: number, crontab = ''): Promise<void> {
    let enrolled: Promise<unknown> | undefined;
    const runner = await run({
      pgPool: pool,
      taskList,
      concurrency,
      // Given even when there are none: else a file "crontab" in the folder would be read.
      parsedCronItems: parseCrontab(crontab),
      noHandleSignals: true,
      logger: queueLogger(log),
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
