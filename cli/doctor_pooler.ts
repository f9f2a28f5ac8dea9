import pg from 'pg';
import type { Config } from '../src/config.ts';
import { postgresAddress } from '../src/postgres/address.ts';
import { poolerBetween } from '../src/postgres/fault.ts';
import { connect } from '../src/postgres/session.ts';
import type { Check } from '../worker/machine/check.ts';
import { type Database, examined } from './database.ts';

/** A lease through a transaction pooler would pass to other clients together with its connection. */
export const directConnection = (config: Config, database: Database): Check => ({
  about: 'Direct connection',
  remedy: 'See that DATABASE_DIRECT_URL names the same database as DATABASE_URL.',
  look: async () => {
    const url = config.databaseDirectUrl ?? examined(database);
    const client = new pg.Client(postgresAddress(url));
    const between = await connect(client, url);
    await client.end();
    if (between === 'transaction pooler') throw poolerBetween();
    return between === 'nothing' ? 'no pooler between' : 'a pooler that pools sessions between';
  },
});
