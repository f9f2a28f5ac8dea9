import { type Context, Hono } from 'hono';
import { jobNotFound } from '../errors.ts';
import { admitToRead, type Read } from '../http/admission.ts';
import type { AppEnv } from '../http/app_env.ts';
import { addressOf } from '../http/client_ip.ts';
import { hasEnded } from '../jobs/job_state.ts';
import { type Snapshot, snapshotOf, type Watch } from '../jobs/job_watch.ts';
import { statusQuery } from '../openapi/requests.ts';
import { calling } from '../postgres/call.ts';
import { parseJobId, parseQuery } from './parse.ts';
import { sendTagged } from './send_json.ts';

export const status = new Hono<AppEnv>();

status.get('/status/:jobId', async (c) => {
  const jobId = await parseJobId(c);
  const query = await parseQuery(c, statusQuery);
  const { apiKeyId, body } = await readStatus(c, jobId);
  if (query.wait === 0) return sendTagged(c, body);
  return sendTagged(c, await waitFor(query.until, c, { apiKeyId, jobId, body }, query.wait));
});

const statusRead: Read<string> = {
  call: (keys, jobIds, { publicUrl }) =>
    calling('get_job_status', { api_key_ids: keys, job_ids: jobIds, public_url: publicUrl }),
};

/** Admits the request; the status of the caller's own job as JSON. Throws the 404 when there is none. */
export async function readStatus(
  c: Context<AppEnv>,
  jobId: string,
): Promise<{ apiKeyId: string; body: string }> {
  const { apiKeyId, body } = await admitToRead(c, statusRead, jobId);
  if (!body) throw jobNotFound();
  return { apiKeyId, body };
}

/** Watches a caller's own job, unless too many are watching. Throws ApiError 429. */
export function follow(
  c: Context<AppEnv>,
  apiKeyId: string,
  jobId: string,
  first: Snapshot,
): Watch {
  const ended = c.var.followers.begin({ apiKeyId, address: addressOf(c) });
  const watch = c.var.changes.watch(jobId, first);
  return {
    next: watch.next,
    get ended() {
      return watch.ended;
    },
    close: () => {
      watch.close();
      ended();
    },
  };
}

/** The status as soon as it differs from `body` or is final, or the current one when the time is up. */
export async function waitFor(
  what: 'change' | 'end',
  c: Context<AppEnv>,
  { apiKeyId, jobId, body }: { apiKeyId: string; jobId: string; body: string },
  seconds: number,
): Promise<string> {
  const first = snapshotOf(body);
  if (hasEnded(first.status)) return body;
  const { signal } = c.req.raw;
  const until = performance.now() + seconds * 1000;
  const watch = follow(c, apiKeyId, jobId, first);
  try {
    let latest = first;
    while (what === 'change' ? latest.status === first.status : !hasEnded(latest.status)) {
      const left = until - performance.now();
      const next = left > 0 ? await watch.next(left, signal) : undefined;
      if (!next) break;
      latest = next;
    }
    return latest.body;
  } finally {
    watch.close();
  }
}
