import { OperatorError } from '../src/operator_error.ts';
import { query } from '../src/postgres/db.ts';
import type { Action } from './actions.ts';
import { printJson } from './json_line.ts';
import { card, table } from './table.ts';
import { watchJobs } from './watch_jobs.ts';

const defaultLimit = 20;

export const readingJobs: Record<string, Action> = {
  list: {
    options: ['status', 'key', 'limit'],
    run: async ({ db, json, options: { status, key, limit = defaultLimit } }) => {
      let latest = query
        .selectFrom('admin.jobs')
        .select([
          ...(['id', 'status', 'api_key', 'age', 'progress', 'attempt'] as const),
          ...(['worker', 'error_message'] as const),
        ])
        .orderBy('id', 'desc')
        .limit(Number(limit));
      if (status) latest = latest.where('status', '=', String(status).toUpperCase());
      if (key) latest = latest.where('api_key', '=', String(key));
      const rows = await db.run(latest);
      if (json) for (const row of rows) printJson(row);
      else console.log(rows.length > 0 ? table(rows) : 'There are no such jobs.');
    },
  },

  show: {
    words: ['ID'],
    run: async ({ db, json, words: [id = ''] }) => {
      const job = await db.first(query.selectFrom('admin.jobs').selectAll().where('id', '=', id));
      if (!job) throw new OperatorError(`There is no job "${id}".`);
      const attempts = await db.run(
        query
          .selectFrom('admin.attempts')
          .select(['attempt', 'worker', 'started_at', 'seconds', 'outcome', 'detail'])
          .where('job_id', '=', id),
      );
      const deliveries = await db.run(
        query
          .selectFrom('admin.deliveries')
          .select([
            ...(['attempt', 'started_at', 'duration_ms', 'response_status'] as const),
            ...(['error_message', 'next_attempt_at'] as const),
          ])
          .where('job_id', '=', id),
      );
      if (json) return printJson({ ...job, attempts, deliveries });
      console.log(card(job));
      if (attempts.length > 0) console.log(`\nAttempts\n${table(attempts)}`);
      if (deliveries.length > 0) console.log(`\nDeliveries\n${table(deliveries)}`);
    },
  },

  watch: {
    options: ['limit'],
    // A connection that has gone silent is noticed.
    deadlineMs: 5_000,
    run: ({ db, json, options: { limit = defaultLimit } }) =>
      watchJobs(db, { json, limit: Number(limit) }),
  },
};
