import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { sql } from 'kysely';
import type { Config } from '../src/config.ts';
import { type Db, openDb } from '../src/postgres/db.ts';
import { requireVersion } from '../src/postgres/fault.ts';
import { migrationState } from '../src/postgres/migrate.ts';
import { configuredBlobStore } from '../src/storage/open.ts';
import { type Check, examine, type Finding, warning } from '../worker/machine/check.ts';
import { type Database, examined, openDatabase } from './database.ts';
import { connections } from './doctor_connections.ts';
import { directConnection } from './doctor_pooler.ts';
import { serviceChecks } from './doctor_service.ts';

/**
 * A process id that nobody has: if a file of this process stays behind, it is an orphan, and the sweep
 * removes those.
 */
const noProcess = 0;

/** The database and what it says about the service; when it cannot be reached, only that. */
export async function* examineDatabase(config: Config): AsyncGenerator<Finding> {
  let database: Database | undefined;
  let db: Db | undefined;
  const reach: Check = {
    about: 'PostgreSQL',
    remedy: 'Check that it runs and that DATABASE_URL names it with the right user and password.',
    look: async () => {
      database = await openDatabase(config);
      db = openDb(examined(database), { max: 1, name: 'vidgen doctor' });
      const server = await db.first(sql<{ number: number; text: string }>`
        select current_setting('server_version_num')::int as number,
          current_setting('server_version') as text`);
      if (!server) throw new Error('It gives no answer.');
      requireVersion(server);
      return `${server.text}${database.embedded ? `, embedded in ${config.dataDir}` : ''}`;
    },
  };
  try {
    if (!(yield* passes(reach)) || !database || !db) return;
    if (!(yield* passes(directConnection(config, database)))) return;
    if (yield* passes(migrations(config, database))) yield* examine(checks(config, database, db));
  } finally {
    await db?.close();
    await database?.close();
  }
}

/** Whether what this check looks at is good enough to look further. */
async function* passes(check: Check): AsyncGenerator<Finding, boolean> {
  for await (const finding of examine([check])) {
    yield finding;
    if (finding.state === 'failure' || finding.found === notApplied) return false;
  }
  return true;
}

const notApplied = 'not applied yet';

const migrations = (config: Config, database: Database): Check => ({
  about: 'Migrations',
  remedy: 'Run "vidgen migrate".',
  look: async () => {
    const { pending, newer } = await migrationState(config.databaseDirectUrl ?? examined(database));
    if (pending.length > 0 && database.embedded)
      return warning(notApplied, '"vidgen start" applies them.');
    if (pending.length > 0) throw new Error(`${pending.join(', ')} not applied.`);
    if (newer.length === 0) return 'all applied';
    return warning(
      `a newer version has applied ${newer.join(', ')}`,
      'This version can run on it for now, but cannot migrate it.',
    );
  },
});

const checks = (config: Config, database: Database, db: Db): Check[] => [
  {
    about: 'Rights',
    remedy: 'Connect as the owner of the database or as vidgen_worker; "vidgen roles" makes it.',
    look: async () => {
      const row = await db.first(
        sql<{ user: string; isSuperuser: boolean; web: boolean; worker: boolean; owner: boolean }>`
          select current_user as user, current_setting('is_superuser')::boolean as "isSuperuser",
            has_schema_privilege('api', 'usage') as web,
            has_schema_privilege('graphile_worker', 'usage') as worker,
            pg_has_role((select nspowner from pg_namespace where nspname = 'vidgen'), 'usage') as owner`,
      );
      if (!row?.web) throw new Error(`${row?.user} lacks the rights that the processes need.`);
      if (row.isSuperuser)
        return warning(
          `${row.user}, a superuser`,
          'No process needs that: docs/first-deploy.md#restricted-database-roles.',
        );
      if (row.owner) return `${row.user}, the owner`;
      return `${row.user}, enough for "vidgen ${row.worker ? 'worker' : 'web'}", not to migrate`;
    },
  },
  {
    about: 'Storage',
    remedy:
      config.blobStore === 's3'
        ? 'Check that the S3_ variables name an existing bucket and that their key may write to it.'
        : 'Check that the disk of the database has room and that its user may write.',
    look: async () => {
      const store = configuredBlobStore(config, examined(database), 1);
      try {
        const bytes = randomBytes(1024 ** 2);
        const written = await store.write(Readable.from([bytes]), {
          processId: noProcess,
          contentType: 'application/octet-stream',
        });
        await store.discard([written.id]);
        return `1 MB was written${config.blobStore === 's3' ? ', in object storage' : ''}`;
      } finally {
        await store.close();
      }
    },
  },
  connections(config, db),
  ...serviceChecks(config, database, db),
];
