import type { Config } from '../src/config.ts';
import { OperatorError } from '../src/operator_error.ts';
import { migrate, migrationState } from '../src/postgres/migrate.ts';
import { createStartLink, type StartLink } from '../src/process/start_link.ts';
import type { Command } from './command.ts';
import type { Database } from './database.ts';
import { developmentKey } from './development_key.ts';
import { inOwnRole } from './own_role.ts';
import { openServer, openWorker, serve } from './run_service.ts';

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

/** The embedded database is migrated automatically; an operator migrates any other. */
async function seeToMigrations(config: Config, database: Database): Promise<void> {
  if (database.embedded) return void (await migrate(database.owner, { roles: true }));
  const { pending } = await migrationState(config.databaseDirectUrl ?? database.web);
  if (pending.length === 0) return;
  throw new OperatorError(
    `The database is not up to date (${pending.join(', ')}): run "vidgen migrate" first.`,
  );
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
