import type pg from 'pg';
import { postgresAddress } from './address.ts';
import { poolerBetween, requireVersion } from './fault.ts';
import { ImpatientClient, impatient } from './impatient_client.ts';

/** What stands between a client and its server. */
export type Between = 'nothing' | 'session pooler' | 'transaction pooler';

type KeyData = { processID: number };

/**
 * Connects a client for work that needs a session: leases, LISTEN, the queue, migrations.
 *
 * @param url the client's own address
 * @throws OperatorError when the server is too old, or lends the connection for single transactions
 */
export async function connectSession(client: pg.Client, url: string): Promise<void> {
  if ((await connect(client, url)) === 'transaction pooler') throw poolerBetween();
  const { rows } = await client.query<{ number: number; text: string }>(
    "select current_setting('server_version_num')::int as number, current_setting('server_version') as text",
  );
  for (const version of rows) requireVersion(version);
}

/** Connects the client and says what stands between. */
export async function connect(client: pg.Client, url: string): Promise<Between> {
  let told: KeyData | undefined;
  client.connection.once('backendKeyData', (data: KeyData) => {
    told = data;
  });
  await client.connect();
  // A pooler reports an id of its own as the server's process id.
  if ((await backend(client)) === told?.processID) return 'nothing';
  return (await isLent(client, url)) ? 'transaction pooler' : 'session pooler';
}

/** Whether two clients that are connected at the same time are served by one backend, or one by several. */
async function isLent(client: pg.Client, url: string): Promise<boolean> {
  const other = new ImpatientClient({ ...impatient, ...postgresAddress(url) });
  // If the connection breaks, the statement on it reports the error.
  other.on('error', () => {});
  await other.connect();
  try {
    const first = await backend(client);
    for (let round = 0; round < 3; round++)
      if ((await backend(other)) === first || (await backend(client)) !== first) return true;
    return false;
  } finally {
    await other.end();
  }
}

const backend = async (client: pg.Client): Promise<number> =>
  (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid ?? 0;
