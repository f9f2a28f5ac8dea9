import { Hono } from 'hono';
import { errorDocs, toApiError } from './errors.ts';
import { admit, admitOnce, limitPublic } from './http/admission.ts';
import type { AppEnv, Deps } from './http/app_env.ts';
import { countPreflight, openTo, securePages } from './http/browser_access.ts';
import { maxUrlLength, type Refuse, urlTooLong } from './http/refusals.ts';
import { logRequests } from './http/request_log.ts';
import { createFollowers } from './jobs/followers.ts';
import { events } from './routes/events.ts';
import { getJob } from './routes/get_job.ts';
import { health } from './routes/health.ts';
import { catchers, hooks } from './routes/hooks.ts';
import { jobs } from './routes/jobs.ts';
import { manual } from './routes/manual.ts';
import { mcp } from './routes/mcp.ts';
import { media } from './routes/media.ts';
import { metricsRoute } from './routes/metrics.ts';
import { notOffered } from './routes/not_offered.ts';
import { oembed } from './routes/oembed.ts';
import { openapiDocument } from './routes/openapi.ts';
import { ops } from './routes/ops.ts';
import { mistyped, page, wantsPage } from './routes/page.ts';
import { ready } from './routes/ready.ts';
import { retryJob } from './routes/retry_job.ts';
import { share } from './routes/share.ts';
import { startKey } from './routes/start_key.ts';
import { status } from './routes/status.ts';
import { targetsRoute } from './routes/targets.ts';
import { updateJob } from './routes/update_job.ts';
import { webhooks } from './routes/webhooks.ts';
import { createUploads } from './upload/uploads.ts';

/** The HTTP side of the service. Never listens. */
export function createApp(deps: Deps): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  const uploads = createUploads();
  const followers = createFollowers(deps.config.streamLimits);

  app.use(async (c, next) => {
    for (const [name, value] of Object.entries(deps)) c.set(name as keyof Deps, value);
    c.set('uploads', uploads);
    c.set('followers', followers);
    c.header('X-Content-Type-Options', 'nosniff');
    await next();
  });
  app.use(logRequests(deps.log));
  // Answers are meant for one key, and unlike Authorization, X-API-Key does not stop shared caches from
  // storing them.
  app.use('/api/*', async (c, next) => {
    c.header('Cache-Control', 'no-store');
    await next();
  });
  if (deps.config.corsOrigins.length > 0) {
    app.use('/api/*', countPreflight);
    app.use(openTo(deps.config.corsOrigins));
  }
  app.use(async (c, next) => {
    const tooLong = (c.env.incoming.url ?? '').length > maxUrlLength;
    const refusal = c.env.refusal ?? (tooLong ? urlTooLong() : undefined);
    if (!refusal) return next();
    if (/^\/api(\/|$)/.test(c.req.path)) await admitOnce(c);
    throw refusal;
  });
  for (const path of ['/', '/ops', '/share/*', '/media/*']) app.use(path, securePages);
  for (const path of ['/share/*', '/media/*', '/oembed']) app.use(path, limitPublic);

  app.onError((thrown, c) => {
    const error = toApiError(thrown);
    // Other 5xx are not faults: they say what is not offered.
    if (error.status === 500)
      deps.log.error({ ...c.var.ids, err: error.cause ?? error }, error.code);
    for (const [name, value] of Object.entries(error.headers)) c.header(name, value);
    return c.json(
      {
        ...{ error: error.message, code: error.code, requestId: c.var.requestId, ...error.extra },
        docs: errorDocs(deps.config.publicUrl, error.code),
      },
      error.status,
    );
  });

  app.route('/api', health);
  app.route('/api', ready);
  app.route('/api', jobs);
  app.route('/api', getJob);
  app.route('/api', retryJob);
  app.route('/api', updateJob);
  app.route('/api', targetsRoute);
  app.route('/api', status);
  app.route('/api', events);
  app.route('/api', webhooks);
  app.route('/', page);
  app.route('/', startKey);
  app.route('/', manual);
  app.route('/', ops);
  app.route('/', openapiDocument);
  app.route('/', oembed);
  app.route('/api', catchers);
  app.route('/hooks', hooks);
  app.route('/', mcp(app));
  app.route('/media', media);
  app.route('/share', share);
  const metrics = metricsRoute(deps.config, deps.db, () => deps.changes.size);
  if (metrics) app.route('/', metrics);

  app.all('/api/*', async (c) => {
    await admit(c, { needsKey: false });
    throw notOffered(app, c.req.path);
  });
  app.notFound((c) => {
    const refusal = notOffered(app, c.req.path);
    if (refusal.status === 404) c.header('Vary', 'Accept', { append: true });
    if (refusal.status === 404 && wantsPage(c)) return mistyped(c);
    throw refusal;
  });
  return app;
}

/**
 * Makes the app refuse what is not a valid request to it: counted, logged and answered like any other. When
 * the parser refused it, only the socket is known, so it counts for the socket's address as if it had been
 * sent below /api. Behind a proxy, only clients without the header that names the client share that address,
 * so a flood of garbage does not use up the limits of the proxy's clients.
 */
export function refuseBy(app: Hono<AppEnv>): Refuse {
  return (refusal, incoming) => {
    const target = incoming.url || somewhere;
    const path = URL.parse(target, 'http://localhost')?.pathname ?? somewhere;
    const headers = incoming.headers as Record<string, string>;
    const request = new Request(`http://localhost${path}`, { headers });
    return app.fetch(request, { incoming, refusal });
  };
}
const somewhere = '/api/';
