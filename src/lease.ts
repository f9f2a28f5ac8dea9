import { Socket } from 'node:net';
import { hostname } from 'node:os';
import pg from 'pg';
import type { Log } from './log.ts';

const beatEveryMs = 1_000;
const answerWithinMs = 3_000;

export type Lease = {
  /** Row in vidgen.process; blobs and jobs of this process carry it. */
  processId: number;
  /** Says goodbye: what this process still holds is freed at once. */
  release(): Promise<void>;
};

export type LeaseOptions = {
  /** A direct or session-pooled connection: the lease is a session advisory lock. */
  databaseUrl: string;
  kind: 'web' | 'worker';
  log: Log;
  /** Once a second while the connection is well: the time to sweep. Must neither block nor throw. */
  onBeat?(): void;
  /** The others took this process for dead and gave its work away: stop at once. */
  onLost(): void;
  /** Messages of one channel; `onReady` after each (re)connect, because those in between are lost. */
  listen?: { channel: string; onMessage(payload: string): void; onReady(): void };
};

type Connection = { client: pg.Client; destroy(): void; broken: boolean };

async function connect(
  o: LeaseOptions,
  onNotification: (payload: string) => void,
): Promise<Connection> {
  const socket = new Socket();
  const client = new pg.Client({
    connectionString: o.databaseUrl,
    application_name: `vidgen ${o.kind} lease`,
    connectionTimeoutMillis: answerWithinMs,
    query_timeout: answerWithinMs,
    stream: () => socket,
  });
  const connection = { client, broken: false, destroy: () => socket.destroy() };
  client.on('error', () => {
    connection.broken = true;
  });
  client.on('end', () => {
    connection.broken = true;
  });
  client.on('notification', (message) => onNotification(message.payload ?? ''));
  try {
    await client.connect();
    if (o.listen) await client.query(`listen ${client.escapeIdentifier(o.listen.channel)}`);
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return connection;
}

/**
 * Registers this process and keeps it registered: one dedicated connection holds the lease, beats
 * every second and listens. It reconnects for as long as it takes.
 */
export async function takeLease(o: LeaseOptions): Promise<Lease> {
  const onNotification = (payload: string) => o.listen?.onMessage(payload);
  let connection: Connection | null = await connect(o, onNotification);
  const { rows } = await connection.client.query<{ id: number }>(
    'select api.register_process($1, $2, $3) as id',
    [o.kind, hostname(), process.pid],
  );
  const processId = rows[0]?.id as number;
  o.listen?.onReady();
  let stopped = false;
  let beating: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout;

  async function beat(): Promise<void> {
    try {
      if (!connection || connection.broken) {
        connection?.destroy();
        connection = null;
        connection = await connect(o, onNotification);
        o.log.info('connected to Postgres again');
        o.listen?.onReady();
      }
      const answer = await connection.client.query<{ alive: boolean }>(
        'select api.beat($1) as alive',
        [processId],
      );
      if (!answer.rows[0]?.alive) {
        stopped = true;
        o.log.error({ processId }, 'this process was taken for dead and its work was given away');
        o.onLost();
        return;
      }
      o.onBeat?.();
    } catch (error) {
      o.log.warn({ err: error }, 'the heartbeat did not get through; trying again');
      connection?.destroy();
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
        await connection?.client.query('select api.leave($1)', [processId]);
        await connection?.client.end();
      } catch (error) {
        o.log.warn({ err: error }, 'could not say goodbye; the sweep of the others will notice');
      }
      connection?.destroy();
    },
  };
}
