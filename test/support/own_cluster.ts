import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Binaries,
  type Cluster,
  clusterIn,
  createCluster,
  databaseName,
  loadBinaries,
} from '../../src/embedded_postgres/cluster.ts';
import { interruptServer, startServer, stopServer } from '../../src/embedded_postgres/server.ts';

export type OwnCluster = {
  cluster: Cluster;
  port: number;
  /** A superuser's address, which the embedded PostgreSQL of the service does not give away. */
  url: string;
  stop(): Promise<void>;
};

/** A server in `folder`, which its user must be able to enter. It ends with this process at the latest. */
export async function startOwnCluster(
  folder: string,
  settings: Record<string, string>,
  binaries?: Binaries,
): Promise<OwnCluster> {
  const cluster = clusterIn(folder, binaries ?? (await loadBinaries()), settings);
  await createCluster(cluster);
  const { port } = await startServer(cluster, true);
  const interrupt = () => interruptServer(cluster);
  process.once('exit', interrupt);
  const password = await readFile(join(cluster.folder, 'password'), 'utf8');
  return {
    cluster,
    port,
    url: `postgres://${databaseName}:${password}@127.0.0.1:${port}/${databaseName}`,
    stop: async () => {
      process.off('exit', interrupt);
      await stopServer(cluster);
    },
  };
}
