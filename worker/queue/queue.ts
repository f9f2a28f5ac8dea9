import {
  Logger,
  parseCrontab,
  type Runner,
  run,
  type TaskList,
  type WorkerPool,
} from 'graphile-worker';
import type { Log } from '../../src/log.ts';
import { NotBegun } from './not_begun.ts';
import { openQueuePool } from './queue_pool.ts';
import { withSharedListener } from './shared_listener.ts';

/** Some tasks of the queue and the slots in which they run. */
export type Line = {
  /** Takes no more of these tasks until `resume`; those that run go on. */
  pause(): void;
  resume(): Promise<void>;
};

export type Queue = {
  /** Runs up to a fixed number of tasks at a time, until `stop`. */
  start(taskList: TaskList, concurrency: number, crontab?: string): Promise<Line>;
  /** The queue rows that are being run here. */
  running(): string[];
  /** Takes no new tasks and waits for the running ones. */
  stop(): Promise<void>;
  /** After `stop`. */
  close(): Promise<void>;
};

/**
 * The queue's runners, on a pool of their own.
 *
 * @param o.enroll is awaited before a runner takes its first task; the pool is what locks its rows in the
 * queue
 * @param o.onEnd a runner ended without having been told to
 * @param o.giveUp aborts when waiting is no longer useful
 */
export function openQueue(o: {
  databaseUrl: string;
  connections: number;
  log: Log;
  enroll(pool: string): Promise<unknown>;
  onEnd(error?: unknown): void;
  giveUp: AbortSignal;
}): Queue {
  const pool = openQueuePool(o.databaseUrl, o.connections, o.log, o.giveUp);
  const poolOfLine = withSharedListener(pool);
  const runners = new Set<Runner>();
  const running = new Set<string>();
  let stopping = false;

  /** The same tasks; each row is recorded while its task runs. */
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

  async function open(taskList: TaskList, concurrency: number, crontab: string): Promise<Runner> {
    let enrolled: Promise<unknown> | undefined;
    let slots: WorkerPool | undefined;
    const runner = await run({
      pgPool: poolOfLine(),
      taskList: tracked(taskList),
      concurrency,
      // Passed even when empty, or graphile-worker would read a file "crontab" in the folder.
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
                  slots = worker.workerPool;
                  enrolled ??= o.enroll(slots.id);
                  await enrolled;
                },
              },
            },
          },
        ],
        worker: {
          // Each slot would poll separately: see `lookEverySecond`.
          pollInterval: 300_000,
          // By default a batch acknowledges a job before its completion is written, and loses it at SIGTERM.
          completeJobBatchDelay: 0,
          failJobBatchDelay: 0,
        },
      },
    });
    lookEverySecond(runner, () => slots);
    runners.add(runner);
    const ended = (error?: unknown) => {
      if (!stopping && runners.has(runner)) o.onEnd(error);
    };
    runner.promise.then(() => ended(), ended);
    return runner;
  }

  async function start(...line: Parameters<Queue['start']>): Promise<Line> {
    const [taskList, concurrency, crontab = ''] = line;
    const openLine = () => open(taskList, concurrency, crontab);
    let runner: Runner | undefined = await openLine();
    let paused = Promise.resolve();
    return {
      pause: () => {
        if (!runner) return;
        runners.delete(runner);
        paused = runner.stop().catch(() => {});
        runner = undefined;
      },
      resume: async () => {
        await paused;
        if (!stopping) runner ??= await openLine();
      },
    };
  }

  return {
    start,
    running: () => [...running],
    stop: async () => {
      stopping = true;
      await Promise.allSettled([...runners].map((runner) => runner.stop()));
    },
    close: () => pool.end(),
  };
}

/**
 * New rows are announced by NOTIFY. For those whose time has come one idle slot looks, once a second; when it finds
 * one, the next slot looks too.
 */
function lookEverySecond({ events }: Runner, slots: () => WorkerPool | undefined): void {
  let looking = false;
  const look = () => {
    looking = true;
    slots()?.nudge(1);
  };
  const timer = setInterval(look, 1_000);
  const lookOn = () => looking && look();
  events.on('job:start', lookOn);
  events.on('worker:getJob:empty', () => {
    looking = false;
  });
  // Slots that are about to end must not be woken.
  const stop = () => {
    clearInterval(timer);
    events.off('job:start', lookOn);
  };
  for (const end of ['pool:gracefulShutdown', 'pool:forcefulShutdown', 'pool:release'] as const)
    events.once(end, stop);
}

/** graphile-worker's own messages are logged at debug level, except errors. */
const queueLogger = (log: Log) =>
  new Logger(() => (level, message, meta) => {
    // A delivery spends nearly all its time waiting for its receiver, so 50 of them do not need 50
    // connections.
    if (level === 'warning' && message.includes('maxPoolSize')) return;
    const { error: err } = (meta ?? {}) as { error?: unknown };
    if (err instanceof NotBegun) return log.debug(err.message);
    log[level === 'error' ? 'error' : level === 'warning' ? 'warn' : 'debug']({ err }, message);
  });
