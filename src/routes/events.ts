import { Hono } from 'hono';
import { stream } from 'hono/streaming';
import type { StreamingApi } from 'hono/utils/stream';
import type { AppEnv } from '../http/app_env.ts';
import { hasEnded } from '../jobs/job_state.ts';
import { type Snapshot, snapshotOf, type Watch } from '../jobs/job_watch.ts';
import { parseJobId } from './parse.ts';
import { follow, readStatus } from './status.ts';

export const events = new Hono<AppEnv>();

/** Proxies close connections that are silent for a minute. */
const commentEveryMs = 15_000;

const streamHeaders = {
  'Content-Type': 'text/event-stream',
  // Prevents proxies from compressing or buffering the stream.
  'Cache-Control': 'no-cache, no-transform',
  'X-Accel-Buffering': 'no',
};

events.get('/jobs/:jobId/events', async (c) => {
  const jobId = await parseJobId(c);
  const { apiKeyId, body } = await readStatus(c, jobId);
  const first = snapshotOf(body);
  const lastId = c.req.header('Last-Event-ID')?.trim();
  // An EventSource reconnects whenever a stream ends; 204 tells it that nothing more will come.
  if (hasEnded(first.status) && endId.test(lastId ?? '')) return c.body(null, 204);
  if (c.req.method === 'HEAD') return c.body(null, 200, streamHeaders);

  const watch = follow(c, apiKeyId, jobId, first);
  for (const [name, value] of Object.entries(streamHeaders)) c.header(name, value);
  return stream(c, async (out) => {
    const gone = new AbortController();
    out.onAbort(() => gone.abort());
    try {
      await send(out, watch, first, firstId(lastId), gone.signal);
    } finally {
      watch.close();
    }
  });
});

/**
 * Ids continue from the last one that the client saw, so they increase across reconnects too. The last id of
 * all is marked: a client that returns with it has seen the end.
 */
const firstId = (last: string | undefined): number =>
  /^\d{1,15}(\.0)?$/.test(last ?? '') ? Number(last) + 1 : 1;
const idOf = (n: number, isLast: boolean) => (isLast ? `${n}.0` : `${n}`);
const endId = /^\d{1,15}\.0$/;

/** Sends the job as it is and each change, until it has ended or the client has gone. */
async function send(
  out: StreamingApi,
  watch: Watch,
  first: Snapshot,
  firstId: number,
  gone: AbortSignal,
): Promise<void> {
  let id = firstId;
  let snapshot: Snapshot | undefined = first;
  while (!gone.aborted) {
    if (snapshot)
      await out.write(`id: ${idOf(id++, hasEnded(snapshot.status))}\ndata: ${snapshot.body}\n\n`);
    else if (watch.ended) return;
    else await out.write(': still here\n\n');
    if (snapshot && hasEnded(snapshot.status)) return;
    snapshot = await watch.next(commentEveryMs, gone);
  }
}
