import { createApp, refuseBy } from './app.ts';
import { clientOf } from './http/client_ip.ts';
import { startHttpServer } from './http/http_server.ts';
import { createJobChanges } from './jobs/job_changes.ts';
import { openDb } from './postgres/db.ts';
import { takeLease } from './postgres/lease.ts';
import { createOperatorDb } from './postgres/operator_db.ts';
import { createSweeper } from './postgres/sweeper.ts';
import { createClosers } from './process/closers.ts';
import type { ServiceOptions } from './process/service_options.ts';
import { configuredBlobStore } from './storage/open.ts';

export type Server = {
  /** The address at which it listens: http://localhost:PORT. */
  url: string;
  /** Stops accepting, lets running requests finish, closes. */
  close(): Promise<void>;
};

/** Starts the HTTP side. It cannot continue after it was taken for dead. */
export async function startServer(o: ServiceOptions): Promise<Server> {
  const { config, databaseUrl, log, startLink } = o;
  const opened = createClosers(log);
  try {
    const db = openDb(databaseUrl, { max: config.databasePoolSize, name: 'vidgen web' });
    opened.add(() => db.close());
    const store = configuredBlobStore(config, databaseUrl);
    opened.add(() => store.close());
    const operatorDb = createOperatorDb(
      config.opsDatabaseUrl ?? config.databaseDirectUrl ?? databaseUrl,
    );
    opened.add(() => operatorDb.close());
    const changes = createJobChanges(db, config.publicUrl, log);
    const lease = await takeLease({
      databaseUrl: config.databaseDirectUrl ?? databaseUrl,
      kind: 'web',
      log,
      onBeat: createSweeper(db, log),
      onLost: o.onFatal,
      listen: { channel: 'job_changed', onMessage: changes.changed, onReady: changes.missed },
    });
    opened.add(() => lease.release());
    const { processId } = lease;
    const app = createApp({
      ...{ config, db, operatorDb, store, log, changes, processId, startLink },
    });
    const server = await startHttpServer(app, {
      port: config.port,
      hostname: config.host,
      prefix: new URL(config.publicUrl).pathname.replace(/\/$/, ''),
      refuse: refuseBy(app),
      addressOf: ({ headers, socket }) =>
        clientOf(
          config.clientIpSource,
          (name) => headers[name.toLowerCase()]?.toString(),
          socket.remoteAddress,
        ),
    });
    opened.add(() => server.close());
    // Closed first: streams and waits end, and with them the requests that the server waits for.
    opened.add(() => changes.close());
    return { url: `http://localhost:${server.port}`, close: opened.close };
  } catch (error) {
    await opened.close();
    throw error;
  }
}
