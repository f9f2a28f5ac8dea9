import type { Config } from '../src/config.ts';
import { openEmbeddedPostgres } from '../src/embedded_postgres.ts';
import { OperatorError } from '../src/operator_error.ts';

export type Database = { url: string; embedded: boolean; close(): Promise<void> };

/** For what runs on several machines: without DATABASE_URL each would have a database of its own. */
export function requireShared(config: Config): void {
  if (!config.production || config.databaseUrl) return;
  throw new OperatorError(
    'Set DATABASE_URL: in production the processes share one PostgreSQL. ("vidgen start" alone can keep one of its own in DATA_DIR.)',
  );
}

/** The database that DATABASE_URL names, or the embedded one in DATA_DIR for as long as it is needed. */
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
