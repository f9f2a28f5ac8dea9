import { sql } from 'kysely';
import { ApiError } from '../errors.ts';
import { type Db, openDb } from './db.ts';

export type OperatorDb = { get(): Promise<Db>; close(): Promise<void> };

/**
 * A connection that reads the schema admin, opened when it is first needed: as vidgen_operator where that role
 * exists and this user may become it, and never writing. A page that is slow to read must not take a connection
 * from the pool of the API, so it has its own.
 */
export function createOperatorDb(url: string): OperatorDb {
  let opening: Promise<Db> | undefined;
  return {
    get: () => {
      opening ??= open(url).catch((error) => {
        opening = undefined;
        throw error;
      });
      return opening;
    },
    close: async () => (await opening?.catch(() => undefined))?.close(),
  };
}

const name = 'vidgen ops';

async function open(url: string): Promise<Db> {
  const { becomes, reads } = await rightsOf(url);
  if (!becomes && !reads) throw operatorRoleMissing();
  return openDb(url, {
    max: 1,
    name,
    settings: {
      ...(becomes && { role: 'vidgen_operator' }),
      default_transaction_read_only: 'on',
      statement_timeout: '3500',
      // Compiling a view takes longer than it saves.
      jit: 'off',
    },
  });
}

type Rights = { becomes: boolean; reads: boolean };

async function rightsOf(url: string): Promise<Rights> {
  const db = openDb(url, { max: 1, name });
  try {
    const [rights] = await db.run(sql<Rights>`
      select case
          when to_regrole('vidgen_operator') is null then false
          -- Roles belong to the server: another database may have made this one, and without its rights here.
          when not has_schema_privilege('vidgen_operator', 'admin', 'usage') then false
          -- Since PostgreSQL 16, a member may be one that cannot become the role.
          when current_setting('server_version_num')::int < 160000
            then pg_has_role(current_user, 'vidgen_operator', 'member')
          else pg_has_role(current_user, 'vidgen_operator', 'set') end as becomes,
        has_schema_privilege('admin', 'usage') as reads`);
    return rights ?? { becomes: false, reads: false };
  } finally {
    await db.close();
  }
}

const operatorRoleMissing = () =>
  new ApiError(
    503,
    'operator_role_missing',
    'This process may not read what operators see. The operator must set OPS_DATABASE_URL to a login of the role vidgen_operator.',
  );
