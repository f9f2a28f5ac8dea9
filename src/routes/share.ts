import { type Context, Hono } from 'hono';
import type { AppEnv } from '../http/app_env.ts';
import { noticePage } from '../pages/frame/notice_page.tsx';
import { bucketOrigin, pageHeaders } from '../pages/frame/page_headers.ts';
import { embedPage, sharePage } from '../pages/share/share.tsx';
import type { SharedVideo } from '../pages/share/shared_video.ts';
import { call } from '../postgres/call.ts';
import { sendTagged } from './send_json.ts';

export const share = new Hono<AppEnv>();

share.get('/:token', (c) => answer(c, "'none'", sharePage));
share.get('/:token/embed', (c) => answer(c, '*', embedPage));

async function answer(
  c: Context<AppEnv, '/:token'>,
  framedBy: "'none'" | '*',
  page: (publicUrl: string, token: string, video: SharedVideo) => string,
): Promise<Response> {
  const { config } = c.var;
  const token = c.req.param('token');
  const found = await findVideo(c, token);
  const html =
    typeof found === 'string'
      ? noticePage(config.publicUrl, found)
      : page(config.publicUrl, token, found);
  c.status(found === 'unknown' ? 404 : typeof found === 'string' ? 410 : 200);
  for (const [name, value] of Object.entries(pageHeaders(config, framedBy))) c.header(name, value);
  // Anyone with the link may see the video, but that does not make it public.
  c.header('X-Robots-Tag', 'noindex');
  c.header('Cache-Control', 'no-cache');
  return typeof found === 'string' ? c.html(html) : sendTagged(c, html, 'text/html; charset=UTF-8');
}

/** The video behind a share link, or why there is none. */
export async function findVideo(
  c: Context<AppEnv>,
  token: string,
): Promise<SharedVideo | 'unknown' | 'removed' | 'ended'> {
  // Anything else is not a token, and may be text that Postgres does not accept.
  if (!/^[\w-]{22}$/.test(token)) return 'unknown';
  const row = await call(c.var.db, 'find_share', { share_token: token });
  if (!row) return 'unknown';
  if (row.gone) return row.size === null ? 'removed' : 'ended';
  return {
    width: row.width,
    height: row.height,
    audioSeconds: row.audio_seconds,
    finishedAt: row.finished_at,
    bytes: Number(row.size),
    isInBucket: bucketOrigin(c.var.config) !== undefined,
    title: row.title,
    artist: row.artist,
    description: row.description,
    captions: row.has_captions
      ? { language: row.captions_language, shown: row.captions_shown }
      : undefined,
  };
}
