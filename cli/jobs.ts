import { jobState } from '../src/openapi/schemas/values.ts';
import { commandOf, type Given } from './actions.ts';
import { UsageError } from './command.ts';
import { durationOf } from './duration.ts';
import { changingJobs } from './job_changes.ts';
import { manyJobs } from './job_many.ts';
import { readingJobs } from './job_reads.ts';

const help = `Usage: vidgen jobs list [--status STATUS] [--key NAME] [--limit 20] [--json]
       vidgen jobs show ID [--json]
       vidgen jobs watch [--limit 20] [--json]
       vidgen jobs retry ID [--json]
       vidgen jobs retry --since 1h [--key NAME] [--reason TEXT] [--dry-run] [--json]
       vidgen jobs cancel ID [--force] [--json]
       vidgen jobs fail ID --reason TEXT [--json]
       vidgen jobs redeliver ID [--json]
       vidgen jobs redeliver --since 2d [--host HOST] [--json]
       vidgen jobs purge ID [--json]
       vidgen jobs pause [--json]
       vidgen jobs resume [--json]

list      Lists the latest jobs.
show      Shows a job with its attempts and webhook deliveries.
watch     Shows the queue and the latest jobs as they change, until Ctrl-C.
retry     Makes a new job from the files of a FAILED one, which stays FAILED because its caller was told so.
          With --since, of all that failed within this time. A key has one active job, so its jobs follow each other.
cancel    Cancels a PENDING job, with --force also a PROCESSING one. No webhook is sent.
fail      Ends a PENDING or PROCESSING job. The caller reads TEXT as errorMessage; the webhook is sent.
redeliver Sends the webhook of a job again; with --since, all that were not delivered within this time.
purge     Deletes an ended job with its files and deliveries, for good.
pause     Starts no more jobs, until resume. What is being rendered goes on; new jobs are accepted and wait.
resume    Ends a pause.

--status  PENDING, PROCESSING, COMPLETED, FAILED or CANCELLED.
--key     Only jobs of the API key with this name.
--since   How long ago: 90s, 30m, 24h or 7d.
--reason  With retry --since: only jobs whose message or detail contains this text.
--host    Only messages to this host.
--dry-run Shows what would be made, and makes nothing.
--json    One line of JSON per row.`;

export const jobs = commandOf({
  name: 'jobs',
  summary: 'list, show, watch, retry, cancel, fail, redeliver and purge jobs; pause the queue',
  help,
  options: {
    force: { type: 'boolean' },
    limit: { type: 'string' },
    status: { type: 'string' },
    key: { type: 'string' },
    reason: { type: 'string' },
    since: { type: 'string' },
    host: { type: 'string' },
    'dry-run': { type: 'boolean' },
  },
  actions: { ...readingJobs, ...changingJobs, ...manyJobs },
  check,
});

function check(action: string, options: Given, [id]: string[]): void {
  const { status, limit, since, reason } = options;
  if (action === 'fail' && !reason) throw new UsageError(`--reason is missing.\n\n${help}`);
  if (status && !jobState.safeParse(String(status).toUpperCase()).success)
    throw new UsageError(`--status must be one of ${jobState.options.join(', ')}.`);
  if (limit !== undefined && !/^[1-9]\d{0,3}$/.test(String(limit)))
    throw new UsageError(`--limit must be a number from 1 to 9999.\n\n${help}`);
  if (since !== undefined) durationOf(since, 'since', help);
  if (action !== 'retry' && action !== 'redeliver') return;
  if (!id && since === undefined) throw new UsageError(`ID is missing, or --since.\n\n${help}`);
  const extra = Object.keys(options).filter((name) => options[name] !== undefined);
  if (id && extra.length > 0)
    throw new UsageError(`--${extra[0]} does not go with an ID.\n\n${help}`);
}
