import type { Config } from '../src/config.ts';
import { isOwnService } from '../src/http/local.ts';
import { createLog } from '../src/log.ts';
import { type Closers, createClosers } from '../src/process/closers.ts';
import { freePort } from '../src/process/free_port.ts';
import { onOwnerGone } from '../src/process/owner.ts';
import type { ServiceOptions } from '../src/process/service_options.ts';
import type { Server } from '../src/server.ts';
import { type Database, openDatabase } from './database.ts';
import { secretsKeysOf } from './secrets_key.ts';

/** Hosts kill 30 s after SIGTERM, so this process exits before that. */
const exitWithinMs = 28_000;

export async function openServer(options: ServiceOptions, opened: Closers): Promise<Server> {
  const { startServer } = await import('../src/server.ts');
  const server = await startServer(options);
  opened.add(server.close);
  return server;
}

export async function openWorker(options: ServiceOptions, opened: Closers): Promise<void> {
  const { requireMachine } = await import('../worker/machine/require_machine.ts');
  await requireMachine(options.config);
  const { startWorker } = await import('../worker/main.ts');
  const worker = await startWorker(options);
  opened.add(worker.close);
}

type Running = {
  database: Database;
  /** All but the address of the database, which depends on the process. */
  options: Omit<ServiceOptions, 'databaseUrl'>;
  opened: Closers;
  /** The exit status: 0 after a signal or when the owner has gone, 1 after a fatal error. */
  ended: Promise<number>;
};

/** Runs what `open` opens until it returns the exit status, then closes all of it. */
export async function serve(
  config: Config,
  role: 'owner' | 'guest',
  open: (running: Running) => Promise<number>,
): Promise<number> {
  const log = createLog(config.logLevel);
  const ended = Promise.withResolvers<number>();
  // Set at once, so that neither a start nor a shutdown that hangs can outlast it.
  const end = (status: number) => {
    setTimeout(() => process.exit(1), exitWithinMs).unref();
    ended.resolve(status);
  };
  ended.promise.then((status) =>
    log.info(status === 0 ? 'stopping' : 'stopping: this process cannot go on'),
  );
  const stop = () => end(0);
  // Never removed: a second signal, which some terminals and hosts send, must not cut the shutdown short.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  onOwnerGone(stop);
  const opened = createClosers(log);
  try {
    const database = await openDatabase(config, role);
    opened.add(database.close);
    const port = config.port || (await freePort());
    const publicUrl = config.publicUrl ?? `http://localhost:${port}`;
    const options = {
      config: {
        ...config,
        port,
        publicUrl,
        host: config.host ?? (database.embedded ? '127.0.0.1' : '::'),
        webhookCatcher: config.webhookCatcher ?? database.embedded,
        secretsKeys: await secretsKeysOf(config, database),
        openToThisMachine: database.embedded && isOwnService(publicUrl),
        opsDatabaseUrl: config.opsDatabaseUrl ?? database.operator,
      },
      log,
      onFatal: () => end(1),
    };
    return await open({ database, options, opened, ended: ended.promise });
  } finally {
    await opened.close();
  }
}
