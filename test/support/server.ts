import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../src/postgres/migrate.ts';
import { startOwnCluster } from './own_cluster.ts';

export type TestServer = {
  /** A superuser's address of the server's maintenance database. */
  url: string;
  /** A migrated database, the template of every test's database. */
  template: string;
  stop(): Promise<void>;
};

/** The SECRETS_KEY of the tested services. */
export const secretsKey = Buffer.alloc(32, 'test').toString('base64');

/**
 * The PostgreSQL of a test run: TEST_DATABASE_URL, a container (TEST_DATABASE=testcontainers), or by
 * default an embedded one in a temporary folder, with fsync off.
 */
export async function startTestServer(): Promise<TestServer> {
  const server = await openServer();
  const template = `vidgen_template_${randomBytes(4).toString('hex')}`;
  await onServer(server.url, `create database ${template}`);
  await migrate(databaseOn(server.url, template));
  return {
    url: server.url,
    template,
    stop: async () => {
      await onServer(server.url, `drop database ${template} with (force)`);
      await server.stop();
    },
  };
}

export function databaseOn(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

export async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Nothing needs to survive a crash here. */
const hasty = {
  ...{ fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
  ...{ wal_level: 'minimal', max_wal_senders: '0', wal_init_zero: 'off' },
};

async function openServer(): Promise<{ url: string; stop(): Promise<void> }> {
  if (process.env.TEST_DATABASE_URL)
    return { url: process.env.TEST_DATABASE_URL, stop: async () => {} };
  if (process.env.TEST_DATABASE === 'testcontainers') return openContainer();
  const dataDir = await mkdtemp(join(tmpdir(), 'vidgen-test-server-'));
  // As root the server runs as another user.
  await chmod(dataDir, 0o711);
  const { url, stop } = await startOwnCluster(join(dataDir, 'postgres'), hasty);
  return {
    url,
    stop: async () => {
      await stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function openContainer(): Promise<{ url: string; stop(): Promise<void> }> {
  // Imported only here: it needs a container engine as soon as it is loaded.
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  try {
    const container = await new PostgreSqlContainer('postgres:18-alpine').start();
    return { url: container.getConnectionUri(), stop: async () => void (await container.stop()) };
  } catch (error) {
    throw new Error(
      'TEST_DATABASE=testcontainers needs a running container engine (Docker, Podman). Start one, or leave TEST_DATABASE unset for the embedded PostgreSQL.',
      { cause: error },
    );
  }
}
