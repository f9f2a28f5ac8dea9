import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../src/embedded_postgres/cluster.ts';
import { startServer } from '../../src/embedded_postgres/server.ts';
import { migrate } from '../../src/postgres/migrate.ts';
import { type Cleanup, inReverse } from '../support/database.ts';
import { startOwnCluster } from '../support/own_cluster.ts';

export type OwnPostgres = {
  /** The URL of a migrated database; it survives restarts. */
  url: string;
  port: number;
  /** The user that the server runs as. */
  uid: number;
  /** `immediate` stops it as a crash would. */
  stop(mode: 'fast' | 'immediate'): Promise<void>;
  start(): Promise<void>;
};

/** A PostgreSQL that a test may stop and crash as it likes. */
export async function ownPostgres(t: Cleanup): Promise<OwnPostgres> {
  const cleanup = inReverse(t);
  const dir = await mkdtemp(join(tmpdir(), 'vidgen-own-postgres-'));
  cleanup.after(() => rm(dir, { recursive: true, force: true }));
  // As root the server runs as another user.
  await chmod(dir, 0o711);
  // Settings are those of production except fsync: processes are killed here, never the machine.
  const { cluster, port, url, stop } = await startOwnCluster(join(dir, 'postgres'), {
    fsync: 'off',
  });
  cleanup.after(stop);
  await migrate(url);
  return {
    url,
    port,
    uid: (await stat(cluster.data)).uid,
    stop: (mode) => run(cluster, 'pg_ctl', ['stop', '-w', '-m', mode, '-D', cluster.data]),
    start: async () => void (await startServer(cluster, false)),
  };
}
