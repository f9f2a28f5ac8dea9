import { Hono } from 'hono';
import { ApiError } from '../errors.ts';
import type { AppEnv } from '../http/app_env.ts';
import { addressesOf, directed, embedCode, titleOf } from '../pages/share/shared_video.ts';
import { findVideo } from './share.ts';

export const oembed = new Hono<AppEnv>();

/** oEmbed (oembed.com): what other sites need to show a share link as a player. */
oembed.get('/oembed', async (c) => {
  const { publicUrl } = c.var.config;
  const { url = '', format = 'json' } = c.req.query();
  if (format !== 'json')
    throw new ApiError(501, 'format_not_offered', 'Only format=json is offered.');
  const token = url.startsWith(`${publicUrl}/share/`)
    ? /^[\w-]+$/.exec(url.slice(`${publicUrl}/share/`.length))?.[0]
    : undefined;
  const video = token ? await findVideo(c, token) : 'unknown';
  if (!token || typeof video === 'string')
    throw new ApiError(404, 'video_not_found', 'url must be the share link of a video.');
  const { embed, poster } = addressesOf(publicUrl, token);
  const size = fit(video, c.req.query('maxwidth'), c.req.query('maxheight'));
  c.header('Access-Control-Allow-Origin', '*');
  return c.json({
    version: '1.0',
    type: 'video',
    title: titleOf(video),
    ...(video.artist !== null && { author_name: directed(video.artist) }),
    provider_name: 'VidGen',
    provider_url: publicUrl,
    ...size,
    html: embedCode(embed, titleOf(video), size),
    thumbnail_url: poster,
    thumbnail_width: video.width,
    thumbnail_height: video.height,
    // Its owner may end the sharing.
    cache_age: 600,
  });
});

/** The largest size within the requested one, in the video's proportions, and never above its own. */
function fit(
  { width, height }: { width: number; height: number },
  maxWidth: string | undefined,
  maxHeight: string | undefined,
): { width: number; height: number } {
  const most = (text: string | undefined) => (Number(text) > 0 ? Number(text) : Infinity);
  const scale = Math.min(1, most(maxWidth) / width, most(maxHeight) / height);
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}
