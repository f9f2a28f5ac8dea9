import pg from 'pg';
import type { Config } from '../src/config.ts';
import { OperatorError } from '../src/operator_error.ts';
import { postgresAddress } from '../src/postgres/address.ts';
import { impatient } from '../src/postgres/impatient_client.ts';
import { takeMigrationLock } from '../src/postgres/migrate.ts';
import { projectFiles } from '../src/process/project_files.ts';
import { settingSentences } from '../src/settings/faults.ts';
import type { Command } from './command.ts';
import { type Database, openDatabase } from './database.ts';
import { isProcessRole, processRoles } from './own_role.ts';

export const roles: Command = {
  summary: 'print or apply the database roles that processes need',
  help: `Usage: vidgen roles [--apply]

Prints the SQL that makes three roles with few rights: vidgen_web and vidgen_worker for these two processes, and
vidgen_operator, which can use the schema admin and nothing else. None can log in until you give it a password:

  alter role vidgen_web login password '…';

--apply  Runs it on the database (DATABASE_URL, as its owner) instead of printing it. Run it again after each
         "vidgen migrate"; twice does no harm. An owner without CREATEROLE can do it once the roles are there.

With the owner's address in DATABASE_OWNER_URL, DATABASE_URL may name vidgen_web or vidgen_worker: "vidgen migrate" and
"vidgen roles --apply" work as the owner, and let both log in with the password of DATABASE_URL. "vidgen web" and
"vidgen worker" then take their own role of the two, so that all processes may have the same settings.`,
  options: { apply: { type: 'boolean' } },
  run: async ({ config, options: { apply } }) => {
    if (!apply) {
      console.log(projectFiles.read('sql/roles.sql').toString().trimEnd());
      return 0;
    }
    if (config.production && !config.databaseUrl)
      throw new OperatorError(settingSentences.DATABASE_URL);
    const database = await openDatabase(config);
    try {
      await applyRoles(config, database);
      return 0;
    } finally {
      await database.close();
    }
  },
};

/** The roles get their rights; with DATABASE_OWNER_URL, those of processes may log in. */
export async function applyRoles(config: Config, database: Database): Promise<void> {
  const { databaseOwnerUrl, databaseUrl } = config;
  const client = new pg.Client({ ...impatient, ...postgresAddress(database.owner) });
  client.on('error', () => {});
  await client.connect();
  try {
    await takeMigrationLock(client);
    // All of it or nothing: PostgreSQL runs statements that are sent together in one transaction.
    await client.query(
      projectFiles.read('sql/roles.sql').toString() +
        (databaseOwnerUrl && databaseUrl ? loginOf(databaseUrl) : ''),
    );
  } finally {
    await client.end();
  }
  console.error('The roles vidgen_web, vidgen_worker and vidgen_operator have their rights.');
}

/** Both, because a web process and a worker are given this one password, each with its role: see inOwnRole. */
function loginOf(databaseUrl: string): string {
  const { username, password } = new URL(databaseUrl);
  if (!isProcessRole(username) || password === '') return '';
  const quoted = pg.escapeLiteral(decodeURIComponent(password));
  return processRoles.map((role) => `\nalter role ${role} login password ${quoted};`).join('');
}
