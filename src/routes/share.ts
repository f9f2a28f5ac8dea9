import { Hono } from 'hono';
import { sql } from 'kysely';
import type { AppEnv } from '../app.ts';
import { sharePage } from '../pages/share.tsx';

export type Shared = {
  gone: boolean;
  width: number;
  height: number;
  audio_seconds: number;
  finished_at: Date;
  size: string;
};

export const share = new Hono<AppEnv>();

share.get('/:token', async (c) => {
  const token = c.req.param('token');
  const shared = await c.var.db.first(sql<Shared>`select * from api.find_share(${token})`);
  const status = !shared ? 404 : shared.gone ? 410 : 200;
  c.header('X-Robots-Tag', 'noindex');
  return c.html(sharePage(c.var.config.publicUrl, token, shared), status);
});
