import { call } from '../src/postgres/call.ts';
import type { Db } from '../src/postgres/db.ts';
import type { Action, Given } from './actions.ts';
import { printJson } from './json_line.ts';
import { table } from './table.ts';

const text = (value: Given[string]) => (value === undefined ? null : String(value));

/** Of one job by its id, or of many with --since. */
export const manyJobs: Record<string, Action> = {
  retry: {
    words: ['[ID]'],
    options: ['since', 'key', 'reason', 'dry-run'],
    run: async ({ db, json, words: [id = ''], options }) => {
      if (!id) return retrySince(db, options, json);
      const newId = await call(db, 'admin.retry_job', { job_id: id });
      if (json) return printJson({ id: newId, madeOf: id });
      console.log(`Job ${newId} was made of the files of ${id}, which stays FAILED.`);
    },
  },

  redeliver: {
    words: ['[ID]'],
    options: ['since', 'host'],
    run: async ({ db, json, words: [id = ''], options }) => {
      if (!id) return redeliverSince(db, options, json);
      const webhookId = await call(db, 'admin.redeliver_webhook', { job_id: id });
      if (json) return printJson({ id, webhookId });
      console.log(`The webhook of job ${id} is sent again, as ${webhookId}.`);
    },
  },
};

async function retrySince(db: Db, { since, key, reason, ...rest }: Given, json: boolean) {
  const rows = await call(db, 'admin.retry_since', {
    since: String(since),
    key: text(key),
    reason: text(reason),
    dry_run: rest['dry-run'] === true,
  });
  if (json) for (const row of rows) printJson(row);
  else console.log(rows.length > 0 ? table(rows) : 'There are no such jobs.');
}

/**
 * A call takes 500 at most, so that its locks are short, beginning with those tried longest ago. Messages that a
 * receiver goes on refusing come up again, so the number of calls is limited.
 */
const mostCalls = 200;

async function redeliverSince(db: Db, { since, host }: Given, json: boolean) {
  let queued = 0;
  for (let calls = 0; calls < mostCalls; calls++) {
    const some = await call(db, 'admin.redeliver_since', {
      since: String(since),
      host: text(host),
    });
    queued += some;
    if (some < 500) break;
  }
  if (json) return printJson({ queued });
  console.log(`${queued} ${queued === 1 ? 'message is' : 'messages are'} sent again.`);
}
