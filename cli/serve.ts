import type { Config } from '../src/config.ts';
import { createLog } from '../src/log.ts';
import { OperatorError } from '../src/operator_error.ts';
import { migrate, migrationState } from '../src/postgres/migrate.ts';
import { type Closers, createClosers } from '../src/process/closers.ts';
import { freePort } from '../src/process/free_port.ts';
import { onOwnerGone } from '../src/process/owner.ts';
import type { ServiceOptions } from '../src/process/service_options.ts';
import { createStartLink, type StartLink } from '../src/process/start_link.ts';
import type { Server } from '../src/server.ts';
import type { Command } from './command.ts';
import { type Database, openDatabase } from './database.ts';
import { developmentKey } from './development_key.ts';
import { inOwnRole } from './own_role.ts';
import { secretsKeysOf } from './secrets_key.ts';

/** Hosts kill 30 s after SIGTERM, so this process exits before that. */
const exitWithinMs = 28_000;

export const start: Command = {
  summary: 'serve the API, the page and a worker in one process',
  help: `Usage: vidgen start

Migrates the database, then runs the API, the page and a worker. Without DATABASE_URL it runs its own PostgreSQL
in DATA_DIR and creates a development key. SIGINT or SIGTERM stops it cleanly.`,
  options: {},
  requires: ['PUBLIC_URL', 'SECRETS_KEY'],
  run: async ({ config }) => {
    return serve(config, 'owner', async ({ database, options, opened, ended }) => {
      await migrate(database.owner, { roles: database.embedded });
      const startLink = createStartLink();
      await openServer({ ...options, databaseUrl: database.web, startLink }, opened);
      await openWorker({ ...options, databaseUrl: database.worker }, opened);
      await announce(options.config, database, startLink);
      return ended;
    });
  },
};

export const web: Command = {
  summary: 'serve the API and the page only',
  help: `Usage: vidgen web

Serves the API and the page on PORT. Any number may run against one DATABASE_URL; run "vidgen migrate" first.`,
  options: {},
  requires: ['DATABASE_URL', 'PUBLIC_URL', 'SECRETS_KEY'],
  run: async ({ config: given }) => {
    const config = inOwnRole(given, 'vidgen_web');
    return serve(config, 'guest', async ({ database, options, opened, ended }) => {
      await seeToMigrations(config, database);
      const server = await openServer({ ...options, databaseUrl: database.web }, opened);
      options.log.info({ url: server.url }, 'listening');
      return ended;
    });
  },
};

export const worker: Command = {
  summary: 'render videos and deliver webhooks only',
  help: `Usage: vidgen worker

Renders videos and delivers webhooks. Any number may run against one DATABASE_URL; run "vidgen migrate" first.
PUBLIC_URL must be where callers reach the web processes: the addresses of videos are made from it.`,
  options: {},
  requires: ['DATABASE_URL', 'PUBLIC_URL', 'SECRETS_KEY'],
  run: async ({ config: given }) => {
    const config = inOwnRole(given, 'vidgen_worker');
    return serve(config, 'guest', async ({ database, options: shared, opened, ended }) => {
      const options = { ...shared, databaseUrl: database.worker };
      await seeToMigrations(config, database);
      let isWorking = false;
      if (config.metricsPort !== undefined) {
        const { serveMetrics } = await import('./serve_metrics.ts');
        opened.add(await serveMetrics(options, config.metricsPort, () => isWorking));
      }
      await openWorker(options, opened);
      isWorking = true;
      return ended.finally(() => {
        isWorking = false;
      });
    });
  },
};

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

/** The embedded database is migrated automatically; an operator migrates any other. */
async function seeToMigrations(config: Config, database: Database): Promise<void> {
  if (database.embedded) return void (await migrate(database.owner, { roles: true }));
  const { pending } = await migrationState(config.databaseDirectUrl ?? database.web);
  if (pending.length === 0) return;
  throw new OperatorError(
    `The database is not up to date (${pending.join(', ')}): run "vidgen migrate" first.`,
  );
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
    const options = {
      config: {
        ...config,
        port,
        publicUrl: config.publicUrl ?? `http://localhost:${port}`,
        host: config.host ?? (database.embedded ? '127.0.0.1' : '::'),
        webhookCatcher: config.webhookCatcher ?? database.embedded,
        secretsKeys: await secretsKeysOf(config, database),
        openToThisMachine: database.embedded,
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

async function announce(
  config: Config & { publicUrl: string },
  database: Database,
  startLink: StartLink,
): Promise<void> {
  console.log(
    `VidGen listens on ${config.publicUrl}\nDocumentation and "Try it": ${config.publicUrl}/`,
  );
  if (!database.embedded) return;
  const { apiKey, webhookSecret } = await developmentKey(config, database.owner);
  startLink.open(apiKey);
  console.log(`With your key filled in (works once): ${config.publicUrl}/${startLink.hash}

Development key (kept in ${config.dataDir}): ${apiKey}
Its webhook secret: ${webhookSecret}

  curl -X POST ${config.publicUrl}/api/jobs -H "X-API-Key: ${apiKey}" \\
    -F "image=@samples/portrait.jpg" -F "audio=@samples/voiceover.mp3"
`);
}
