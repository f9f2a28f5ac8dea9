import { userInfo } from 'node:os';
import type { Config } from '../src/config.ts';
import { type Db, openDb } from '../src/postgres/db.ts';
import { migrate } from '../src/postgres/migrate.ts';
import { type Database, openDatabase } from './database.ts';

/** Deleting all that a customer has may take minutes. */
const longMs = 600_000;

/** For admin.audit. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? '?'}`;
  }
}

/** Opens the database for an operator's command and closes it afterwards. Returns the exit status. */
export async function operate(
  config: Config,
  use: (db: Db, database: Database) => Promise<void>,
  deadlineMs = longMs,
): Promise<number> {
  const database = await openDatabase(config);
  const db = openDb(database.owner, {
    max: 1,
    name: `vidgen command of ${userName()}`,
    deadlineMs,
    countsAsNumbers: true,
  });
  try {
    // The embedded database has no release step that would migrate it.
    if (database.embedded) await migrate(database.owner, { roles: true });
    await use(db, database);
    return 0;
  } finally {
    await db.close();
    await database.close();
  }
}
