import { sql } from 'kysely';
import type { Config } from '../src/config.ts';
import { call } from '../src/postgres/call.ts';
import type { Db } from '../src/postgres/db.ts';
import { mostConnections } from '../src/process/connections.ts';
import { type Check, warning } from '../worker/machine/check.ts';

type Limits = {
  user: string;
  of_role: number;
  of_database: number;
  of_server: number;
  used: number;
};

/** Counts what the running processes may open against what the server, the database and the role allow. */
export const connections = (config: Config, db: Db): Check => ({
  about: 'Connections',
  remedy: 'Allow more, or lower DATABASE_POOL_SIZE: docs/deploy.md#connections.',
  look: async () => {
    const limits = await db.first(sql<Limits>`
      select current_user as user, r.rolconnlimit as of_role, d.datconnlimit as of_database,
        current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
          - coalesce(current_setting('reserved_connections', true), '0')::int as of_server,
        (select count(*)::int from pg_stat_activity a where a.usename = current_user) as used
      from pg_roles r, pg_database d where r.rolname = current_user and d.datname = current_database()`);
    if (!limits) throw new Error('Their limits cannot be read.');
    const given = [limits.of_role, limits.of_database, limits.of_server].filter((n) => n >= 0);
    const allowed = Math.min(...given);
    const { alive, webs } = await call(db, 'count_workers');
    const { web, worker } = mostConnections(config);
    // With none running yet, the smallest deployment.
    const [webCount, workerCount] = alive + webs > 0 ? [webs, alive] : [1, 1];
    const most = webCount * web + workerCount * worker;
    const said = `${limits.used} of ${allowed} taken by ${limits.user}; ${webCount} web and ${workerCount} worker take up to ${most}`;
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
