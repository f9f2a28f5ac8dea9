import { sql } from 'kysely';
import type { Config } from '../src/config.ts';
import { call } from '../src/postgres/call.ts';
import type { Db } from '../src/postgres/db.ts';
import { mostConnections } from '../src/process/connections.ts';
import { type Check, warning } from '../worker/machine/check.ts';

/** What is allowed to one of them, -1 for no limit, and how many are taken of that. */
type Limit = { of: string; allowed: number; taken: number };

/** Counts what the running processes may open against what the server, the database and the role allow. */
export const connections = (config: Config, db: Db): Check => ({
  about: 'Connections',
  remedy: 'Allow more, or lower DATABASE_POOL_SIZE: docs/deploy.md#connections.',
  look: async () => {
    const limits = await db.run(sql<Limit>`
      select 'this server' as of,
        current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
          - coalesce(current_setting('reserved_connections', true), '0')::int as allowed,
        (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as taken
      union all
      select 'the database', datconnlimit,
        (select count(*)::int from pg_stat_activity a where a.datname = current_database())
        from pg_database where datname = current_database()
      union all
      select current_user::text, rolconnlimit,
        (select count(*)::int from pg_stat_activity a where a.usename = current_user)
        from pg_roles where rolname = current_user`);
    const least = limits
      .filter(({ allowed }) => allowed >= 0)
      .reduce((one, other) => (other.allowed < one.allowed ? other : one));
    const { of, allowed, taken } = least;
    const { alive, webs } = await call(db, 'count_workers');
    const { web, worker } = mostConnections(config);
    // With none running yet, the smallest deployment.
    const [webCount, workerCount] = alive + webs > 0 ? [webs, alive] : [1, 1];
    const most = webCount * web + workerCount * worker;
    const said = `${taken} of the ${allowed} of ${of} are taken; ${webCount} web and ${workerCount} worker take up to ${most}`;
    if (most > allowed)
      return warning(
        said,
        `When all are taken, processes wait for one of their own, and callers with them. Lower DATABASE_POOL_SIZE (${config.databasePoolSize}) or allow more: docs/deploy.md#connections.`,
      );
    if (2 * most > allowed)
      return warning(
        `${said}, twice that during a deploy that starts the new before it stops the old`,
        'Stop the old first, lower DATABASE_POOL_SIZE or allow more: docs/deploy.md#connections.',
      );
    return said;
  },
});
