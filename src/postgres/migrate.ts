import { createHash } from 'node:crypto';
import pg from 'pg';
import { OperatorError } from '../operator_error.ts';
import type { Files } from '../process/files.ts';
import { projectFiles } from '../process/project_files.ts';
import { postgresAddress } from './address.ts';
import { ImpatientClient, impatient } from './impatient_client.ts';
import { connectSession } from './session.ts';

/** A migration cannot continue; `message` says why and what to do. */
export class MigrationError extends OperatorError {}

type SqlFile = { name: string; text: string; sha256: string };
export type Migrated = { migrations: string[]; routinesReloaded: boolean };

/** Migrations may wait long for a busy server, because no caller waits for them. */
const patient = { ...impatient, connectionTimeoutMillis: 20_000 };

/** Any number that no other program on the same database is likely to lock. */
const migrationLock = '8671001000000000';

/** A client that changes schemas or rights waits until every other such client has ended. */
export const takeMigrationLock = (client: pg.Client) =>
  client.query(`select pg_advisory_lock(${migrationLock})`);

function readSql(folder: string, files: Files): SqlFile[] {
  return sqlNames(folder, files).map((name) => readFile(name, files));
}

function readFile(name: string, files: Files): SqlFile {
  const text = files.read(`sql/${name}`).toString();
  return { name, text, sha256: createHash('sha256').update(text).digest('hex') };
}

const sqlNames = (folder: string, files: Files): string[] =>
  files
    .names(`sql/${folder}`)
    .filter((name) => name.endsWith('.sql'))
    .map((name) => `${folder}/${name}`);

async function apply(client: pg.Client, file: SqlFile): Promise<void> {
  try {
    await client.query(file.text);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    const line = file.text.slice(0, Number(error.position ?? 1) - 1).split('\n').length;
    throw new MigrationError(`sql/${file.name}:${line}: ${error.message}. Nothing was changed.`, {
      cause: error,
    });
  }
}

/** Without cascade: nothing that stays may depend on what is reloaded. */
async function dropRoutines(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ drop: string }>(`
    select 'drop view ' || string_agg(format('%I.%I', schemaname, viewname), ', ') as drop
      from pg_views where schemaname in ('api', 'admin') having count(*) > 0
    union all
    select 'drop routine ' || string_agg(oid::regprocedure::text, ', ')
      from pg_proc where pronamespace in ('api'::regnamespace, 'admin'::regnamespace) having count(*) > 0`);
  for (const { drop } of rows) await client.query(drop);
}

/**
 * Brings a database to this version: graphile-worker's schema first, then in one transaction the new files of
 * sql/migrations and all of sql/api and sql/admin. Any number of processes may call it at once; only the
 * first does the work.
 *
 * @param o.files sql/migrations, sql/api, sql/admin and sql/roles.sql
 * @param o.roles whether the roles get their rights too, when something has changed
 * @throws MigrationError naming file and line; the database is then unchanged
 */
export async function migrate(
  databaseUrl: string,
  { files = projectFiles, roles = false }: { files?: Files; roles?: boolean } = {},
): Promise<Migrated> {
  const migrations = readSql('migrations', files);
  const routines = [...readSql('api', files), ...readSql('admin', files)];
  if (roles) routines.push(readFile('roles.sql', files));
  const client = new pg.Client({
    ...patient,
    ...postgresAddress(databaseUrl),
    application_name: 'vidgen migrate',
  });
  // If a connection breaks while it only holds the lock, the next statement reports it.
  client.on('error', () => {});
  try {
    await connectSession(client, databaseUrl);
    await takeMigrationLock(client);
    // Imported here, because web processes only check for pending migrations and do not need the queue's
    // library.
    const { migrateQueue } = await import('./migrate_queue.ts');
    await migrateQueue({ ...patient, ...postgresAddress(databaseUrl) });
    await client.query('begin');
    const migrated = await migrateSchemas(client, migrations, routines);
    await client.query('commit');
    return migrated;
  } finally {
    // Also ends an open transaction, and the lock with it.
    await client.end();
  }
}

async function migrateSchemas(
  client: pg.Client,
  files: SqlFile[],
  routines: SqlFile[],
): Promise<Migrated> {
  await client.query(`
    create schema if not exists vidgen;
    create schema if not exists api;
    create schema if not exists admin;
    create table if not exists vidgen.migration (
      name text constraint migration_pkey primary key,
      sha256 text not null,
      applied_at timestamptz not null default now()
    )`);
  const { rows } = await client.query<{ name: string; sha256: string }>(
    'select name, sha256 from vidgen.migration',
  );
  const applied = new Map(rows.map((row) => [row.name, row.sha256]));
  for (const file of files) {
    const before = applied.get(file.name);
    if (before && before !== file.sha256) {
      throw new MigrationError(
        `sql/${file.name} was edited after it was applied. Put it back as it was and write a new migration. Nothing was changed.`,
      );
    }
  }
  const newer = newerThan(
    files.map(({ name }) => name),
    [...applied.keys()],
  );
  if (newer.length > 0) {
    throw new MigrationError(
      `A newer version has migrated this database (${newer.join(', ')}): migrate with that one. Nothing was changed.`,
    );
  }
  const fresh = files.filter((file) => !applied.has(file.name));
  // New tables of the queue need new rights.
  const queue = await client.query('select max(id) as version from graphile_worker.migrations');
  const digest = createHash('sha256')
    .update(routines.map((file) => `${file.name} ${file.sha256}`).join('\n'))
    .update(`queue ${queue.rows[0].version}`)
    .digest('hex');
  if (fresh.length === 0 && applied.get('routines') === digest)
    return { migrations: [], routinesReloaded: false };

  const note = (name: string, sha256: string) =>
    client.query(
      `insert into vidgen.migration (name, sha256) values ($1, $2)
       on conflict (name) do update set sha256 = excluded.sha256, applied_at = now()`,
      [name, sha256],
    );
  await dropRoutines(client);
  for (const file of fresh) {
    await apply(client, file);
    await note(file.name, file.sha256);
  }
  // Functions may name each other in any order; a test calls each of them.
  await client.query('set local check_function_bodies = off');
  for (const file of routines) await apply(client, file);
  if (routines.some(({ name }) => name === 'admin/grant_rights.sql'))
    await client.query('select admin.grant_rights()');
  await note('routines', digest);
  return { migrations: fresh.map((file) => file.name), routinesReloaded: true };
}

/** What has been applied to a database of this version. */
export const migrationNames = (): string[] => sqlNames('migrations', projectFiles);

const newerThan = (names: string[], applied: string[]): string[] =>
  applied.filter((name) => name !== 'routines' && !names.includes(name));

export type MigrationState = {
  /** What `migrate` would apply. */
  pending: string[];
  /** What a newer version has applied: `migrate` refuses, but processes of this version still run. */
  newer: string[];
};

/** Compares what the database has with what this version has. */
export async function migrationState(databaseUrl: string): Promise<MigrationState> {
  const names = migrationNames();
  const client = new ImpatientClient({ ...impatient, ...postgresAddress(databaseUrl) });
  // If the connection breaks, the statement on it reports the error.
  client.on('error', () => {});
  try {
    await connectSession(client, databaseUrl);
    const exists = (
      await client.query("select to_regprocedure('api.applied_migrations()') is not null as yes")
    ).rows[0].yes;
    if (!exists) return { pending: names, newer: [] };
    const { rows } = await client.query<{ name: string }>(
      'select api.applied_migrations() as name',
    );
    const applied = rows.map((row) => row.name);
    return {
      pending: names.filter((name) => !applied.includes(name)),
      newer: newerThan(names, applied),
    };
  } finally {
    await client.end();
  }
}
