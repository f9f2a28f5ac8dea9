import { call } from '../src/postgres/call.ts';
import { openDb } from '../src/postgres/db.ts';
import { takeLease } from '../src/postgres/lease.ts';
import { createSweeper } from '../src/postgres/sweeper.ts';
import { createClosers } from '../src/process/closers.ts';
import { ofQueue } from '../src/process/connections.ts';
import type { ServiceOptions } from '../src/process/service_options.ts';
import { sealSecrets } from '../src/secrets/seal.ts';
import { createVault } from '../src/secrets/vault.ts';
import { configuredBlobStore } from '../src/storage/open.ts';
import type { WorkerDeps } from './deps.ts';
import { watchMachine } from './machine/watch_machine.ts';
import { openBox } from './media/box/open_box.ts';
import { findFfmpeg } from './media/ffmpeg/find_ffmpeg.ts';
import { removeAbandonedFolders } from './media/temporary.ts';
import { openQueue } from './queue/queue.ts';
import { createLostTaskUnlocker } from './queue/unlock_lost_tasks.ts';
import { fetchTasks, otherTasks, renderTasks } from './tasks/list.ts';
import { untilAnswered } from './until_answered.ts';

/** How long running jobs may continue during a shutdown; hosts kill 30 s after SIGTERM. */
const graceMs = 15_000;
const otherConcurrency = 50;

export type Worker = {
  /** Stops taking jobs, lets the running ones finish within the grace, hands back the rest. */
  close(): Promise<void>;
};

/**
 * Starts rendering and delivering. It cannot continue after it was taken for dead or its queue runner ended.
 */
export async function startWorker(o: ServiceOptions): Promise<Worker> {
  const { config, databaseUrl, log } = o;
  const direct = config.databaseDirectUrl ?? databaseUrl;
  const vault = createVault(config.secretsKeys);
  const ffmpeg = findFfmpeg(config.ffmpegPath);
  const box = await openBox(config.sandbox);
  await removeAbandonedFolders(log);
  const draining = new AbortController();
  const stopping = new AbortController();
  const lost = new AbortController();
  const opened = createClosers(log);
  try {
    const db = openDb(databaseUrl, { max: config.databasePoolSize, name: 'vidgen worker' });
    opened.add(() => db.close());
    // SECRETS_KEY may differ from the last start. With a wrong one no task may begin: webhooks would fail.
    await sealSecrets(db, vault);
    const store = configuredBlobStore(config, databaseUrl);
    opened.add(() => store.close());
    const sweep = createSweeper(db, log);
    let unlockLostTasks = () => {};
    const checks: WorkerDeps['checks'] = new Map();
    const lease = await takeLease({
      databaseUrl: direct,
      kind: 'worker',
      slots: { plain: config.renderConcurrency, moving: config.movingConcurrency },
      log,
      onBeat: () => {
        sweep();
        unlockLostTasks();
      },
      onLost: () => {
        for (const signal of [lost, draining, stopping]) signal.abort();
        o.onFatal();
      },
      listen: {
        channel: 'attempt_overtaken',
        onMessage: (jobId) => void checks.get(jobId)?.(),
        onReady: () => {
          for (const check of checks.values()) void check();
        },
      },
    });
    const { processId } = lease;
    const machine = watchMachine(config, log, draining.signal, (resting) =>
      untilAnswered(deps, () => call(db, 'rest', { process_id: processId, resting })),
    );
    const deps: WorkerDeps = {
      config,
      db,
      store,
      log,
      ffmpeg,
      box,
      processId,
      vault,
      checks,
      isWell: machine.isWell,
      draining: draining.signal,
      stopping: stopping.signal,
      lost: lost.signal,
    };
    const queue = openQueue({
      databaseUrl: direct,
      connections: ofQueue(config.databasePoolSize),
      log,
      enroll: (pool) =>
        untilAnswered(deps, () => call(db, 'add_queue_pool', { process_id: processId, pool })),
      onEnd: (err) => {
        if (lost.signal.aborted) return;
        log.fatal({ err }, 'the queue runner ended unexpectedly');
        o.onFatal();
      },
      giveUp: stopping.signal,
    });
    opened.add(() => queue.close());
    unlockLostTasks = createLostTaskUnlocker(deps, queue);
    // After the tasks: releasing the lease frees what they still hold.
    opened.add(() => lease.release());
    opened.add(async () => {
      draining.abort();
      const timer = setTimeout(() => stopping.abort(), graceMs);
      await queue.stop();
      clearTimeout(timer);
    });
    const rendering = renderTasks(deps);
    machine.mayPause(await queue.start(rendering.plain, config.renderConcurrency));
    machine.mayPause(await queue.start(rendering.moving, config.movingConcurrency));
    await queue.start(fetchTasks(deps), config.fetchConcurrency);
    await queue.start(otherTasks(deps), otherConcurrency, '* * * * * tidy ?max=1&jobKey=tidy');
    log.info({ processId, slots: config.renderConcurrency, sandbox: box.level }, 'worker started');
    return { close: opened.close };
  } catch (error) {
    stopping.abort();
    await opened.close();
    throw error;
  }
}
