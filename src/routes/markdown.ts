import type { Context } from 'hono';
import { accepts } from 'hono/accepts';
import { nothingHere } from '../errors.ts';
import type { AppEnv, Deps } from '../http/app_env.ts';
import { type Served, send, served } from '../http/served.ts';
import { manualOf } from '../pages/docs/manual.tsx';

const made = new WeakMap<Deps['config'], Map<string, Promise<Served>>>();

/** A file of the manual, by its name without the ending. */
export async function sendMarkdown(
  c: Context<AppEnv>,
  name: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  const { config } = c.var;
  const files =
    made.get(config) ??
    new Map([...manualOf(config)].map(([file, text]) => [file, served(text, typeOf(file))]));
  made.set(config, files);
  const file = files.get(name);
  if (!file) throw nothingHere();
  return send(c, await file, { 'Cache-Control': 'no-cache', ...headers });
}

const typeOf = (file: string) => `text/${file === 'llms' ? 'plain' : 'markdown'}; charset=utf-8`;

/** Browsers do not ask for it. */
export const wantsMarkdown = (c: Context<AppEnv>): boolean =>
  accepts(c, {
    ...{ header: 'Accept', supports: ['text/html', 'text/markdown'], default: 'text/html' },
  }) === 'text/markdown';
