import { hostname } from 'node:os';
import type { Log } from '../log.ts';
import { version } from '../process/version.ts';
import { postgresAddress } from './address.ts';
import { call } from './call.ts';
import { ImpatientClient, impatient } from './impatient_client.ts';

const beatEveryMs = 1_000;

export type Lease = {
  /** Id of the row in vidgen.process; blobs and jobs of this process carry it. */
  processId: number;
  /** Ends the lease cleanly: what this process still holds is freed at once. */
  release(): Promise<void>;
};

export type LeaseOptions = {
  /** A direct or session-pooled connection: the lease is a session advisory lock. */
  databaseUrl: string;
  kind: 'web' | 'worker';
  /** For operators: the jobs that a worker renders at a time, plain ones and those with motion. */
  slots?: { plain: number; moving: number };
  log: Log;
  /** Called once a second while the connection works: time to sweep. Must neither block nor throw. */
  onBeat?(): void;
  /** The other processes took this one for dead and gave its work away: stop at once. */
  onLost(): void;
  /**
   * Receives messages of one channel. `onReady` is called after each (re)connect, because messages in between
   * are lost.
   */
  listen?: { channel: string; onMessage(payload: string): void; onReady(): void };
};

type Connection = { client: ImpatientClient; broken: boolean };

async function connect(o: LeaseOptions): Promise<Connection> {
  const client = new ImpatientClient({
    ...impatient,
    ...postgresAddress(o.databaseUrl),
    application_name: `vidgen ${o.kind} lease`,
  });
  const connection = { client, broken: false };
  const broke = () => {
    connection.broken = true;
  };
  client.on('error', broke).on('end', broke);
  client.on('notification', (message) => o.listen?.onMessage(message.payload ?? ''));
  try {
    await client.connect();
    if (o.listen) await client.query(`listen ${client.escapeIdentifier(o.listen.channel)}`);
  } catch (error) {
    drop(connection);
    throw error;
  }
  return connection;
}

/** Closes without a goodbye, which would hang on a silent connection. */
const drop = (connection: Connection | null) => connection?.client.connection.stream.destroy();

/** The client for `call`. */
const on = ({ client }: Connection) => ({
  query: async (text: string, values: unknown[]) => (await client.query(text, values)).rows,
});

async function register(connection: Connection, o: LeaseOptions): Promise<number> {
  try {
    return await call(on(connection), 'register_process', {
      kind: o.kind,
      host: hostname(),
      pid: process.pid,
      version,
      slots: o.slots?.plain,
      moving_slots: o.slots?.moving,
    });
  } catch (error) {
    drop(connection);
    throw error;
  }
}

/**
 * Registers this process and keeps it registered. One dedicated connection holds the lease, beats every
 * second and listens. It reconnects for as long as it takes.
 */
export async function takeLease(o: LeaseOptions): Promise<Lease> {
  let connection: Connection | null = await connect(o);
  const processId = await register(connection, o);
  o.listen?.onReady();
  let stopped = false;
  let beating: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout;

  async function beat(): Promise<void> {
    try {
      if (!connection || connection.broken) {
        drop(connection);
        connection = null;
        connection = await connect(o);
        o.log.info('connected to Postgres again');
        o.listen?.onReady();
      }
      if (!(await call(on(connection), 'beat', { process_id: processId }))) {
        stopped = true;
        o.log.error({ processId }, 'this process was taken for dead and its work was given away');
        o.onLost();
        return;
      }
      o.onBeat?.();
    } catch (error) {
      o.log.warn({ err: error }, 'the heartbeat did not get through; trying again');
      drop(connection);
      connection = null;
    }
  }

  const schedule = () => {
    timer = setTimeout(() => {
      beating = beat().finally(() => {
        if (!stopped) schedule();
      });
    }, beatEveryMs);
  };
  schedule();

  return {
    processId,
    release: async () => {
      stopped = true;
      clearTimeout(timer);
      await beating;
      try {
        if (!connection || connection.broken) connection = await connect(o);
        await call(on(connection), 'leave', { process_id: processId });
        await connection.client.end();
      } catch (error) {
        o.log.warn({ err: error }, 'could not end the lease; another process will sweep it');
        drop(connection);
      }
    },
  };
}
