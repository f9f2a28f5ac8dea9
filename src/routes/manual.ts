import { Hono } from 'hono';
import type { AppEnv, Deps } from '../http/app_env.ts';
import { type Served, send, served } from '../http/served.ts';
import { errorsPage } from '../pages/docs/errors_page.tsx';
import { pageHeaders } from '../pages/frame/page_headers.ts';
import { sendMarkdown, wantsMarkdown } from './markdown.ts';

/** The documentation as Markdown, and the page of errors. */
export const manual = new Hono<AppEnv>();

manual.get('/docs.md', (c) => sendMarkdown(c, 'docs'));
manual.get('/errors.md', (c) => sendMarkdown(c, 'errors'));
manual.get('/llms.txt', (c) => sendMarkdown(c, 'llms'));
manual.get('/docs/:file{[\\w-]+\\.md}', (c) => sendMarkdown(c, c.req.param('file').slice(0, -3)));

const made = new WeakMap<Deps['config'], Promise<Served>>();

manual.get('/errors', async (c) => {
  const vary = { Vary: 'Accept' };
  if (wantsMarkdown(c)) return sendMarkdown(c, 'errors', vary);
  const { config } = c.var;
  const page = made.get(config) ?? served(errorsPage(config), 'text/html; charset=utf-8');
  made.set(config, page);
  return send(c, await page, {
    ...{ ...pageHeaders(config), 'Cache-Control': 'no-cache' },
    ...vary,
  });
});
