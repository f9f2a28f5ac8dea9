import { type Context, Hono } from 'hono';
import { cors } from 'hono/cors';
import { ApiError } from '../errors.ts';
import type { AppEnv } from '../http/app_env.ts';
import { serveBlob } from '../http/serve_blob.ts';
import { fileNameOf, mostBytesForWave } from '../pages/share/shared_video.ts';
import { call } from '../postgres/call.ts';

export const media = new Hono<AppEnv>();

media.get('/:token/video.mp4', (c) => serve(c, 'video'));
media.get('/:token/poster.jpg', (c) => serve(c, 'poster'));
// Players on other sites fetch captions by script, which needs CORS.
media.get('/:token/captions.vtt', cors(), (c) => serve(c, 'captions_vtt'));

/**
 * A finished video never changes, but its owner may delete it or end its sharing: caches ask again after ten
 * minutes, and no later than at the end that is known.
 */
const cacheSeconds = 600;

async function serve(
  c: Context<AppEnv>,
  kind: 'video' | 'poster' | 'captions_vtt',
): Promise<Response> {
  const asked = { share_token: c.req.param('token') ?? '', kind };
  const found = await call(c.var.db, 'find_media', asked);
  if (!found) throw new ApiError(404, 'media_not_found', 'There is no video at this address.');
  if (found.gone) {
    const why = found.id
      ? 'The owner of this video has ended its sharing.'
      : 'This video was removed: it had expired, or its owner deleted it.';
    throw new ApiError(410, 'media_gone', why);
  }
  const ends = found.share_expires_at?.getTime() ?? Number.POSITIVE_INFINITY;
  const secondsLeft = Math.max(0, Math.floor((ends - Date.now()) / 1_000));
  const blob = {
    id: found.id,
    size: Number(found.size),
    sha256: found.sha256,
    contentType: found.content_type,
  };
  const downloadAs =
    kind === 'video' && c.req.query('download') !== undefined
      ? fileNameOf({ title: found.title, finishedAt: found.finished_at })
      : undefined;
  // Our own page draws the sound from the file, and a bucket lets scripts of other origins read nothing unless
  // its owner allows it.
  const isRead = c.req.query('read') !== undefined && blob.size <= mostBytesForWave;
  // The address is valid for GET only. What HEAD asks for is known here.
  const elsewhere =
    kind === 'video' && c.req.method === 'GET' && !isRead
      ? await c.var.store.publicUrl(blob.id, { downloadAs, secondsLeft })
      : undefined;
  if (elsewhere) {
    // Must not be cached: the address ends within the hour, and the file with its retention.
    c.header('Cache-Control', 'no-store');
    return c.redirect(elsewhere, 302);
  }
  const cacheControl = `public, max-age=${Math.min(cacheSeconds, secondsLeft)}, no-transform`;
  const onBroken = (error: unknown) => void tellWhy(c.var, blob.id, error);
  return serveBlob(c, c.var.store, blob, { cacheControl, downloadAs, onBroken });
}

/** Its owner may have deleted it meanwhile; anything else is a fault. */
async function tellWhy(
  { store, log, ids }: AppEnv['Variables'],
  id: string,
  error: unknown,
): Promise<void> {
  const isThere = await store.stat(id).catch(() => true);
  if (isThere) log.error({ ...ids, err: error }, 'a file could not be sent to its end');
  else log.info(ids, 'a file was removed while it was sent');
}
