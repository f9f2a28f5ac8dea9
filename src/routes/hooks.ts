import { Hono } from 'hono';
import { ApiError } from '../errors.ts';
import { admit } from '../http/admission.ts';
import type { AppEnv } from '../http/app_env.ts';
import { checkWebhookUrl } from '../outbound/webhook_url.ts';
import { call, calling } from '../postgres/call.ts';
import { refuseAdmitted } from './parse.ts';
import { sendJson, sendTagged } from './send_json.ts';

/**
 * An address as a caller's own would look. The domain `example` is reserved (RFC 2606) and never resolves, so
 * nothing that is sent there can leave this machine.
 */
const nowhere = 'https://your-app.example';

/** Opens a catcher for the caller's own jobs, and lists what it caught. */
export const catchers = new Hono<AppEnv>();

catchers.post('/hooks', async (c) => {
  const origin = catcherOrigin(c.var.config.publicUrl);
  const { apiKeyId } = await admit(c);
  if (!c.var.config.webhookCatcher) throw catcherOff();
  return sendJson(c, await call(c.var.db, 'open_catcher', { api_key_id: apiKeyId, origin }));
});

catchers.get('/hooks/:token', async (c) => {
  const token = c.req.param('token');
  if (!/^[\w-]{22}$/.test(token)) return refuseAdmitted(c, catcherNotFound());
  const { body } = await admit(c, {}, (key) => calling('list_caught', { api_key_id: key, token }));
  if (!body) throw catcherNotFound();
  return sendTagged(c, body);
});

/**
 * The addresses themselves. A webhook that deliver_webhook does not catch arrives over the network like any
 * other, and is rejected permanently.
 */
export const hooks = new Hono<AppEnv>();

hooks.post('/:token', () => {
  throw new ApiError(
    410,
    'catcher_closed',
    'This address catches only webhooks of the API key it was opened with, for an hour.',
  );
});

/** Webhooks go to public https addresses only, and a service on localhost has none. */
function catcherOrigin(publicUrl: string): string {
  const checked = checkWebhookUrl(publicUrl, []);
  // As webhookUrl is stored, so that they match.
  return checked.ok ? checked.url.href.replace(/\/$/, '') : nowhere;
}

const catcherNotFound = () =>
  new ApiError(404, 'catcher_not_found', 'No such catcher, or its hour is over. Open one.');

const catcherOff = () =>
  new ApiError(
    404,
    'catcher_off',
    'The webhook catcher is switched off here. Its operator can set WEBHOOK_CATCHER=on.',
  );
