import { type Context, Hono } from 'hono';
import { ApiError } from '../errors.ts';
import type { AppEnv, Deps } from '../http/app_env.ts';
import { type Served, send, served } from '../http/served.ts';
import { docsPage } from '../pages/docs/docs.tsx';
import { asset, assetsDigest } from '../pages/frame/assets.ts';
import { noticePage } from '../pages/frame/notice_page.tsx';
import { pageHeaders } from '../pages/frame/page_headers.ts';
import { sendMarkdown, wantsMarkdown } from './markdown.ts';

export const page = new Hono<AppEnv>();

const made = new WeakMap<Deps['config'], Promise<Served>>();

page.get('/', async (c) => {
  const vary = { Vary: 'Accept' };
  if (wantsMarkdown(c)) return sendMarkdown(c, 'docs', vary);
  const { config } = c.var;
  const docs = made.get(config) ?? served(docsPage(config), 'text/html; charset=utf-8');
  made.set(config, docs);
  return send(c, await docs, { ...pageHeaders(config), 'Cache-Control': 'no-cache', ...vary });
});

/** The folder's name is a digest of its contents, so the contents never change. */
page.get('/assets/:digest/:name', async (c) => {
  const file = await asset(c.req.param('name'));
  if (!file) throw new ApiError(404, 'asset_not_found', 'There is no such part of the page.');
  const current = c.req.param('digest') === assetsDigest;
  return send(c, file, {
    // While two versions run, a page may ask the version that did not make it.
    'Cache-Control': current ? 'public, max-age=31536000, immutable' : 'no-cache',
  });
});

/** For people who mistyped an address; programs get JSON. */
export function mistyped(c: Context<AppEnv>): Response | Promise<Response> {
  const { config } = c.var;
  for (const [name, value] of Object.entries(pageHeaders(config))) c.header(name, value);
  return c.html(noticePage(config.publicUrl, 'mistyped'), 404);
}

export const wantsPage = (c: Context<AppEnv>) =>
  /\btext\/html\b/.test(c.req.header('Accept') ?? '');
