import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { Context, Hono } from 'hono';
import type { AppEnv } from '../http/app_env.ts';

/** Headers that concern the body and the answer of the MCP request itself. */
const ownHeaders =
  /^(accept|connection|content-.*|expect|idempotency-key|prefer|transfer-encoding)$/;

/**
 * Calls the API as the caller of this request would: with the same key, counted against the same limits, and
 * refused with the same sentences, which it throws.
 */
export function ownApi(app: Hono<AppEnv>, c: Context<AppEnv>) {
  return async <Body>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Body> => {
    const kept = Object.entries(c.env.incoming.headers).filter(([name]) => !ownHeaders.test(name));
    const headers: Record<string, string> = Object.fromEntries(
      kept.map(([name, value]) => [name, String(value)]),
    );
    const bytes = Buffer.from(body === undefined ? '' : JSON.stringify(body));
    if (bytes.length > 0) headers['content-type'] = 'application/json';
    const { socket, httpVersion } = c.env.incoming;
    const incoming = Object.assign(Readable.from([bytes], { objectMode: false }), {
      ...{ method, url: path, headers, socket, httpVersion },
    }) as unknown as IncomingMessage;
    const request = new Request(new URL(path, 'http://localhost'), {
      ...{ method, headers, signal: c.req.raw.signal },
    });
    const response = await app.fetch(request, { incoming });
    const answer = (await response.json()) as Body & { error?: string; activeJobId?: string };
    if (response.ok) return answer;
    const { error, activeJobId } = answer;
    throw new Error(activeJobId ? `${error} Its jobId is ${activeJobId}.` : error);
  };
}

export type OwnApi = ReturnType<typeof ownApi>;
