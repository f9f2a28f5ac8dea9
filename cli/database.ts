import type { Config } from '../src/config.ts';
import { openEmbeddedPostgres } from '../src/embedded_postgres/open.ts';
import { OperatorError } from '../src/operator_error.ts';

export type Database = { url: string; embedded: boolean; close(): Promise<void> };

/** The database that DATABASE_URL names, or the embedded one in DATA_DIR while it is needed. */
export async function openDatabase(
  config: Config,
  role: 'owner' | 'guest' = 'guest',
): Promise<Database> {
  if (config.databaseUrl)
    return { url: config.databaseUrl, embedded: false, close: async () => {} };
  const embedded = await openEmbeddedPostgres({
    dataDir: config.dataDir,
    role,
    log: (message) => console.error(message),
  }).catch((error: Error) => {
    throw new OperatorError(error.message, { cause: error });
  });
  return { url: embedded.url, embedded: true, close: embedded.stop };
}
