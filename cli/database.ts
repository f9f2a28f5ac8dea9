import type { Config } from '../src/config.ts';
import { openEmbeddedPostgres } from '../src/embedded_postgres/open.ts';
import { OperatorError } from '../src/operator_error.ts';

export type Database = {
  embedded: boolean;
  /** For migrations and operators. */
  owner: string;
  /** For a web process and for a worker. */
  web: string;
  worker: string;
  /** For /ops; undefined: as the settings say. */
  operator: string | undefined;
  close(): Promise<void>;
};

/** The database that DATABASE_URL names, or the embedded one in DATA_DIR while it is needed. */
export async function openDatabase(
  config: Config,
  role: 'owner' | 'guest' = 'guest',
): Promise<Database> {
  const { databaseUrl, databaseDirectUrl = databaseUrl } = config;
  if (databaseUrl && databaseDirectUrl) {
    return {
      embedded: false,
      owner: config.databaseOwnerUrl ?? databaseDirectUrl,
      web: databaseUrl,
      worker: databaseUrl,
      operator: undefined,
      close: async () => {},
    };
  }
  const { addresses, stop } = await openEmbeddedPostgres({
    dataDir: config.dataDir,
    role,
    log: (message) => console.error(message),
  }).catch((error: Error) => {
    throw new OperatorError(error.message, { cause: error });
  });
  return { embedded: true, ...addresses, close: stop };
}

/** The database that doctor examines: as the role of DATABASE_URL, or the embedded one as its owner. */
export const examined = ({ embedded, owner, web }: Database) => (embedded ? owner : web);
