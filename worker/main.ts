import { EventEmitter } from 'node:events';
import { Logger, type Runner, run, type TaskList, type WorkerEvents } from 'graphile-worker';
import { sql } from 'kysely';
import pg from 'pg';
import type { Config } from '../src/config.ts';
import { openDb } from '../src/db.ts';
import { takeLease } from '../src/lease.ts';
import type { Log } from '../src/log.ts';
import { postgresBlobStore } from '../src/storage/postgres.ts';
import { createSweeper } from '../src/sweeper.ts';
import { findFfmpeg } from './find_ffmpeg.ts';
import { otherTasks, renderTasks, type WorkerDeps } from './tasks.ts';
import { removeAbandonedFolders } from './temporary.ts';

/** How long a shutdown lets running jobs go on; hosts kill 30 s after SIGTERM. */
const graceMs = 15_000;
const otherConcurrency = 50;

export type Worker = {
  /** Stops taking jobs, lets the running ones finish within the grace, hands back the rest. */
  close(): Promise<void>;
};

/**
 * Starts rendering and delivering.
 *
 * @param onFatal the worker cannot go on (taken for dead, or its queue runner ended): exit, with a
 *   status that makes the host start a new one
 */
export async function startWorker(o: {
  config: Config & { publicUrl: string };
  databaseUrl: string;
  log: Log;
  onFatal(): void;
}): Promise<Worker> {
  const { config, databaseUrl, log } = o;
  const direct = config.databaseDirectUrl ?? databaseUrl;
  const ffmpeg = await findFfmpeg(config.ffmpegPath);
  await removeAbandonedFolders();
  const stopping = new AbortController();
  const lost = new AbortController();
  const db = openDb(databaseUrl, { max: config.databasePoolSize, name: 'vidgen worker' });
  const store = postgresBlobStore(databaseUrl);
  const lease = await takeLease({
    databaseUrl: direct,
    kind: 'worker',
    log,
    onBeat: createSweeper(db, log),
    onLost: () => {
      lost.abort();
      stopping.abort();
      o.onFatal();
    },
  });
  const deps: WorkerDeps = {
    config,
    db,
    store,
    log,
    ffmpeg,
    processId: lease.processId,
    stopping: stopping.signal,
    lost: lost.signal,
  };
  const pool = new pg.Pool({
    connectionString: direct,
    max: 8,
    keepAlive: true,
    application_name: 'vidgen queue',
  });
  const onError = (err: Error) => log.warn({ err }, 'queue connection');
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));
  const pools: string[] = [];
  const events: WorkerEvents = new EventEmitter();
  events.on('pool:create', ({ workerPool }) => pools.push(workerPool.id));

  let closing = false;
  const start = async (taskList: TaskList, concurrency: number, crontab = ''): Promise<Runner> => {
    const runner = await run({
      pgPool: pool,
      taskList,
      concurrency,
      crontab,
      events,
      noHandleSignals: true,
      gracefulShutdownAbortTimeout: graceMs,
      logger: queueLogger(log),
      preset: {
        worker: {
          pollInterval: 1_000,
          // The defaults answer for a job before its completion is written, and lose it at SIGTERM.
          completeJobBatchDelay: 0,
          failJobBatchDelay: 0,
        },
      },
    });
    const ended = (err?: unknown) => {
      if (closing || lost.signal.aborted) return;
      log.fatal({ err }, 'the queue runner ended by itself');
      o.onFatal();
    };
    runner.promise.then(() => ended(), ended);
    return runner;
  };
  const runners = await Promise.all([
    start(renderTasks(deps), config.renderConcurrency),
    start(otherTasks(deps), otherConcurrency, '* * * * * tidy'),
  ]);
  await db.run(sql`select api.set_queue_pools(${lease.processId}, ${pools})`);
  log.info(
    { processId: lease.processId, renderConcurrency: config.renderConcurrency },
    'worker started',
  );

  return {
    close: async () => {
      closing = true;
      const timer = setTimeout(() => stopping.abort(), graceMs);
      await Promise.allSettled(runners.map((runner) => runner.stop()));
      clearTimeout(timer);
      await lease.release();
      await Promise.allSettled([db.close(), store.close(), pool.end()]);
    },
  };
}

/** graphile-worker's own lines are details to us; its errors are not. */
const queueLogger = (log: Log) =>
  new Logger(() => (level, message) => {
    // A delivery waits for its receiver nearly all the time, so 50 of them do not need 50 connections.
    if (level === 'warning' && message.includes('maxPoolSize')) return;
    log[level === 'error' ? 'error' : level === 'warning' ? 'warn' : 'debug'](message);
  });
