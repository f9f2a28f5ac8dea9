import { Hono } from 'hono';
import { ApiError } from '../errors.ts';
import { limitPublic } from '../http/admission.ts';
import type { AppEnv } from '../http/app_env.ts';

/** Gives the page the key behind the link that "vidgen start" prints. The page sends the token as a header. */
export const startKey = new Hono<AppEnv>();

startKey.post('/start-key', limitPublic, (c) => {
  const apiKey = c.var.startLink?.take(c.req.header('X-Start-Token') ?? '');
  if (!apiKey)
    throw new ApiError(
      410,
      'start_link_used',
      'This link has been used. Paste your API key instead, or start the service again for a new link.',
    );
  c.header('Cache-Control', 'no-store');
  return c.json({ apiKey });
});
