import { randomBytes } from 'node:crypto';
import { after } from 'node:test';
import pg from 'pg';
import { databaseOn } from './server.ts';

/** The part of a test context that registers clean-up. */
export type Cleanup = { after(clean: () => unknown): void };

/** Closes in reverse order of opening. */
export function inReverse(t: Cleanup): Cleanup {
  const cleaners: (() => unknown)[] = [];
  t.after(async () => {
    for (const clean of cleaners.reverse()) await clean();
  });
  return { after: (clean) => void cleaners.push(clean) };
}

let admin: pg.Pool | undefined;

/** One connection for all databases of a process: a new one costs as much as the database. */
function adminOf(server: string): pg.Pool {
  admin ??= new pg.Pool({ connectionString: server, max: 1, allowExitOnIdle: true });
  return admin;
}

/** For a suite: call it in the body of `describe`, pass it on in `before`. */
export const suiteCleanup = (): Cleanup => inReverse({ after });

type TestDatabase = { url: string; name: string };

/**
 * A migrated database of the test's own, cloned from the template in some 50 ms and dropped after it.
 * The server is the one that test/run.ts started.
 */
export const createDatabase = (t: Cleanup): Promise<TestDatabase> =>
  create(t, process.env.TEST_TEMPLATE);

/** The same, but empty. */
export const createEmptyDatabase = (t: Cleanup): Promise<TestDatabase> => create(t, 'template1');

/** Connections for a test's own queries. */
export function openRowsOf(t: Cleanup, url: string, max = 1): pg.Pool {
  const rows = new pg.Pool({ connectionString: url, max });
  // Ending a pool does not wait for its connections, and the database is dropped right after.
  rows.on('error', () => {}).on('connect', (client) => client.on('error', () => {}));
  t.after(() => rows.end());
  return rows;
}

async function create(t: Cleanup, template: string | undefined): Promise<TestDatabase> {
  const server = process.env.TEST_SERVER_URL;
  if (!server || !template) {
    throw new Error('There is no test server: run the file by "npm test -- test/…/name.test.ts".');
  }
  const name = `vidgen_test_${randomBytes(6).toString('hex')}`;
  const admin = adminOf(server);
  // Copied as files: through the WAL, which nobody here needs, it takes twice as long.
  await admin.query(`create database ${name} template ${template} strategy file_copy`);
  t.after(() => admin.query(`drop database if exists ${name} with (force)`));
  return { url: databaseOn(server, name), name };
}
