import { jobState } from '../src/openapi/schemas.ts';
import { OperatorError } from '../src/operator_error.ts';
import { call } from '../src/postgres/call.ts';
import { type Db, query } from '../src/postgres/db.ts';
import { type Command, named, UsageError, unknownWord } from './command.ts';
import { operate } from './operate.ts';
import { card, table } from './table.ts';
import { watchJobs } from './watch_jobs.ts';

const help = `Usage: vidgen jobs list [--status STATUS] [--key NAME] [--limit 20] [--json]
       vidgen jobs show ID [--json]
       vidgen jobs watch [--limit 20] [--json]
       vidgen jobs retry ID [--json]
       vidgen jobs cancel ID [--force] [--json]
       vidgen jobs fail ID --reason TEXT [--json]

list   Lists the latest jobs.
show   Shows a job with its attempts and webhook deliveries.
watch  Shows the queue and the latest jobs as they change, until Ctrl-C.
retry  Makes a new job from the files of a FAILED one, which stays FAILED because its caller was told so.
cancel Cancels a PENDING job, with --force also a PROCESSING one. No webhook is sent.
fail   Ends a PENDING or PROCESSING job. The caller reads TEXT as errorMessage; the webhook is sent.

--status  PENDING, PROCESSING, COMPLETED, FAILED or CANCELLED.
--key     Only jobs of the API key with this name.
--json    One line of JSON per job.`;

type Options = {
  json: boolean;
  force: boolean;
  limit: number;
  status?: string;
  key?: string;
  reason?: string;
};
type Action = (db: Db, id: string, o: Options) => Promise<void>;

const actions: Record<string, Action> = {
  list: async (db, _, { json, limit, status, key }) => {
    let latest = query
      .selectFrom('admin.jobs')
      .select(['id', 'status', 'api_key', 'age', 'progress', 'attempt', 'worker', 'error_message'])
      .orderBy('id', 'desc')
      .limit(limit);
    if (status) latest = latest.where('status', '=', status.toUpperCase());
    if (key) latest = latest.where('api_key', '=', key);
    const rows = await db.run(latest);
    if (json) for (const row of rows) console.log(JSON.stringify(row));
    else console.log(rows.length > 0 ? table(rows) : 'There are no such jobs.');
  },

  show: async (db, id, { json }) => {
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
          'attempt',
          'started_at',
          'duration_ms',
          'response_status',
          'error_message',
          'next_attempt_at',
        ])
        .where('job_id', '=', id),
    );
    if (json) return console.log(JSON.stringify({ ...job, attempts, deliveries }));
    console.log(card(job));
    if (attempts.length > 0) console.log(`\nAttempts\n${table(attempts)}`);
    if (deliveries.length > 0) console.log(`\nDeliveries\n${table(deliveries)}`);
  },

  watch: (db, _, { json, limit }) => watchJobs(db, { json, limit }),

  retry: async (db, id, { json }) => {
    const newId = await call(db, 'admin.retry_job', { job_id: id });
    if (json) return console.log(JSON.stringify({ id: newId, madeOf: id }));
    console.log(`Job ${newId} was made of the files of ${id}, which stays FAILED.`);
  },

  cancel: async (db, id, { json, force }) => {
    await call(db, 'admin.cancel_job', { job_id: id, force });
    if (json) return console.log(JSON.stringify({ id, status: 'CANCELLED' }));
    console.log(`Job ${id} is CANCELLED, and its key is free.`);
  },

  fail: async (db, id, { json, reason = '' }) => {
    await call(db, 'admin.fail_job', { job_id: id, reason });
    if (json) return console.log(JSON.stringify({ id, status: 'FAILED' }));
    console.log(`Job ${id} is FAILED, and its key is free.`);
  },
};

export const jobs: Command = {
  summary: 'list, show, watch, retry, cancel and fail jobs',
  help,
  options: {
    json: { type: 'boolean' },
    force: { type: 'boolean' },
    limit: { type: 'string', default: '20' },
    status: { type: 'string' },
    key: { type: 'string' },
    reason: { type: 'string' },
  },
  words: 2,
  run: async ({ config, positionals: [word = '', id = ''], options }) => {
    const { json, force, limit, ...rest } = options as Record<string, string | undefined>;
    const action = named(actions, word);
    const needsId = word !== 'list' && word !== 'watch';
    if (!action) throw new UsageError(unknownWord('jobs', word, help));
    if (needsId !== (id !== '')) throw new UsageError(help);
    if (word === 'fail' && !rest.reason) throw new UsageError(`--reason is missing.\n\n${help}`);
    if (rest.status && !jobState.safeParse(rest.status.toUpperCase()).success)
      throw new UsageError(`--status must be one of ${jobState.options.join(', ')}.`);
    if (!/^[1-9]\d{0,3}$/.test(limit ?? ''))
      throw new UsageError(`--limit must be a number from 1 to 9999.\n\n${help}`);
    return operate(config, (db) =>
      action(db, id, {
        ...rest,
        json: json !== undefined,
        force: force !== undefined,
        limit: Number(limit),
      }),
    );
  },
};
