import { createApp } from './app.ts';
import type { Config } from './config.ts';
import { openDb } from './db.ts';
import { startHttpServer } from './http_server.ts';
import { createJobChanges } from './job_changes.ts';
import { takeLease } from './lease.ts';
import type { Log } from './log.ts';
import { postgresBlobStore } from './storage/postgres.ts';
import { createSweeper } from './sweeper.ts';

export type Server = {
  /** Where it listens: http://localhost:PORT. */
  url: string;
  /** Stops accepting, lets what runs finish, closes. */
  close(): Promise<void>;
};

/** Starts the HTTP side. `onFatal`: the process was taken for dead; exit, so that it is started anew. */
export async function startServer(o: {
  config: Config & { publicUrl: string };
  databaseUrl: string;
  log: Log;
  onFatal(): void;
}): Promise<Server> {
  const { config, databaseUrl, log } = o;
  const db = openDb(databaseUrl, { max: config.databasePoolSize, name: 'vidgen web' });
  const store = postgresBlobStore(databaseUrl);
  const changes = createJobChanges(db, config.publicUrl, log);
  const lease = await takeLease({
    databaseUrl: config.databaseDirectUrl ?? databaseUrl,
    kind: 'web',
    log,
    onBeat: createSweeper(db, log),
    onLost: o.onFatal,
    listen: { channel: 'job_changed', onMessage: changes.changed, onReady: changes.missed },
  });
  const app = createApp({ config, db, store, log, changes, processId: lease.processId });
  const server = await startHttpServer(app, { port: config.port, hostname: config.host });
  return {
    url: `http://localhost:${server.port}`,
    close: async () => {
      changes.close();
      await server.close();
      await lease.release();
      await Promise.allSettled([db.close(), store.close()]);
    },
  };
}
