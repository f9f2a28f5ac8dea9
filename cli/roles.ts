import pg from 'pg';
import { OperatorError } from '../src/operator_error.ts';
import { postgresAddress } from '../src/postgres/address.ts';
import { impatient } from '../src/postgres/impatient_client.ts';
import { projectFiles } from '../src/process/project_files.ts';
import { settingSentences } from '../src/process/setting_faults.ts';
import type { Command } from './command.ts';
import { openDatabase } from './database.ts';

export const roles: Command = {
  summary: 'print or apply the database roles that processes need',
  help: `Usage: vidgen roles [--apply]

Prints the SQL that makes three roles with few rights: vidgen_web and vidgen_worker for these two processes, and
vidgen_operator, which can use the schema admin and nothing else. None can log in until you give it a password:

  alter role vidgen_web login password '…';

--apply  Runs it on the database (DATABASE_URL, as its owner) instead of printing it. Run it again after each
         "vidgen migrate"; twice does no harm. An owner without CREATEROLE can do it once the roles are there.`,
  options: { apply: { type: 'boolean' } },
  run: async ({ config, options: { apply } }) => {
    const sql = projectFiles.read('sql/roles.sql').toString();
    if (!apply) {
      console.log(sql.trimEnd());
      return 0;
    }
    if (config.production && !config.databaseUrl)
      throw new OperatorError(settingSentences.DATABASE_URL);
    const database = await openDatabase(config);
    try {
      await runOn(config.databaseDirectUrl ?? database.url, sql);
      console.error('The roles vidgen_web, vidgen_worker and vidgen_operator have their rights.');
      return 0;
    } finally {
      await database.close();
    }
  },
};

/** All of it or nothing: PostgreSQL runs statements that are sent together in one transaction. */
async function runOn(databaseUrl: string, sql: string): Promise<void> {
  const client = new pg.Client({ ...impatient, ...postgresAddress(databaseUrl) });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
