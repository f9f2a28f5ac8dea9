import { sql } from 'kysely';
import type { Db } from '../../../src/postgres/db.ts';
import type { Ledger } from './customer.ts';
import type { Host } from './host.ts';

/** A report of jobs, queue and processes for when a wait fails: the database is dropped right after. */
export async function standstill(db: Db, ledger: Ledger, host: Host): Promise<string> {
  const rows = (query: string) =>
    db.run(sql.raw<object>(query)).catch((error) => [{ query, error: String(error) }]);
  const state = {
    jobs: await rows(`
      select id, status, api_key, attempt, worker, created_at, started_at from admin.jobs
      where status in ('PENDING', 'PROCESSING')`),
    webhooks: await rows(`select * from vidgen.webhook where status = 'pending'`),
    queueRows: await rows(`
      select key, task_identifier, locked_by, locked_at, run_at, attempts, last_error, now()
      from graphile_worker.jobs`),
    processes: await rows('select * from admin.workers'),
    watch: await rows('select * from vidgen.watch'),
    sessions: await rows(`
      select pid, application_name, state, wait_event, xact_start, left(query, 80) as query
      from pg_stat_activity where datname = current_database()`),
    places: host.places.map(({ kind, url, process }) => ({
      ...{ kind, url, pid: process.pid, hasExited: process.hasExited() },
      output: process.output().slice(-1_000),
    })),
    lastAnswers: ledger.lastAnswers,
    violations: ledger.violations.slice(-10),
  };
  return JSON.stringify(state, null, 1);
}
