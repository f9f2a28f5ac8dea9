import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { toApiError } from '../../src/errors.ts';
import { type HttpServerOptions, startHttpServer } from '../../src/http/http_server.ts';
import { serveBlob } from '../../src/http/serve_blob.ts';
import { openBlobStore } from '../../src/storage/open.ts';
import { readSubmission } from '../../src/upload/read_submission.ts';
import { defaultLimits, type Submission } from '../../src/upload/submission_form.ts';
import { type Cleanup, createDatabase, inReverse, openRowsOf } from '../support/database.ts';
import { until } from '../support/until.ts';

export type UploadServer = Awaited<ReturnType<typeof startUploadServer>>;

/**
 * The upload alone behind real HTTP: POST /upload stores, POST /refuse answers 409 without reading,
 * GET /blob/:id serves. `left()` counts what lies in the tables.
 */
export async function startUploadServer(
  t: Cleanup,
  limits: Partial<typeof defaultLimits> = {},
  options: Partial<HttpServerOptions> = {},
) {
  const cleanup = inReverse(t);
  const { url: databaseUrl } = await createDatabase(cleanup);
  const store = openBlobStore(databaseUrl);
  cleanup.after(() => store.close());
  const rows = openRowsOf(cleanup, databaseUrl, 2);
  const submissions: Submission[] = [];
  const outcomes: Array<'stored' | unknown> = [];

  const app = new Hono<{ Bindings: HttpBindings }>();
  app.onError((thrown, c) => {
    const error = toApiError(thrown);
    for (const [name, value] of Object.entries(error.headers)) c.header(name, value);
    return c.json(
      { error: error.message, code: error.code, requestId: 'test', ...error.extra },
      error.status,
    );
  });
  app.post('/upload', async (c) => {
    try {
      const submission = await readSubmission(c.env.incoming, {
        store,
        processId: 1,
        limits: { ...defaultLimits, ...limits },
      });
      submissions.push(submission);
      outcomes.push('stored');
      return c.json(submission, 201);
    } catch (error) {
      outcomes.push(error);
      throw error;
    }
  });
  app.post('/refuse', (c) =>
    c.json({ error: 'busy', code: 'active_job_exists', requestId: 'test' }, 409),
  );
  app.get('/blob/:id', async (c) => {
    const blob = await store.stat(c.req.param('id'));
    return blob ? serveBlob(c, store, { id: c.req.param('id'), ...blob }) : c.notFound();
  });

  const server = await startHttpServer(app, { port: 0, ...options });
  cleanup.after(() => server.close(0));
  const left = async () => {
    const { rows: counts } = await rows.query<{ blobs: number; chunks: number }>(`
      select (select count(*)::int from vidgen.blob) as blobs,
        (select count(*)::int from vidgen.blob_chunk) as chunks`);
    return counts[0];
  };
  /** Waits until uploads abandoned by their clients have left nothing. */
  const empty = () => until('nothing is left', async () => (await left())?.blobs === 0);
  return { ...server, store, submissions, outcomes, left, empty, rows };
}
