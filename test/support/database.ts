import { randomBytes } from 'node:crypto';
import { after } from 'node:test';
import { databaseOn, onServer } from './server.ts';

/** What a test offers to clean up after itself. */
export type Cleanup = { after(clean: () => unknown): void };

/** The last that was opened is closed first. */
export function inReverse(t: Cleanup): Cleanup {
  const cleaners: (() => unknown)[] = [];
  t.after(async () => {
    for (const clean of cleaners.reverse()) await clean();
  });
  return { after: (clean) => void cleaners.push(clean) };
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

/** The same with nothing in it. */
export const createEmptyDatabase = (t: Cleanup): Promise<TestDatabase> => create(t, 'template1');

async function create(t: Cleanup, template: string | undefined): Promise<TestDatabase> {
  const server = process.env.TEST_SERVER_URL;
  if (!server || !template) {
    throw new Error('There is no test server: run the file by "npm test -- test/…/name.test.ts".');
  }
  const name = `vidgen_test_${randomBytes(6).toString('hex')}`;
  await onServer(server, `create database ${name} template ${template}`);
  t.after(() => onServer(server, `drop database if exists ${name} with (force)`));
  return { url: databaseOn(server, name), name };
}
