import { buffer } from 'node:stream/consumers';
import { Hono } from 'hono';
import { ApiError } from '../errors.ts';
import { admit } from '../http/admission.ts';
import type { AppEnv } from '../http/app_env.ts';
import { readBody } from '../http/request_body.ts';
import { atMost } from '../upload/byte_stream.ts';

/** A submission with a megabyte of captions, and room around it. */
const mostBytes = 2 * 1024 * 1024;

/** The tools for agents, by MCP's streamable HTTP. What a tool does counts as a request of its own. */
export function mcp(app: Hono<AppEnv>): Hono<AppEnv> {
  const route = new Hono<AppEnv>();
  route.post('/mcp', async (c) => {
    c.header('Cache-Control', 'no-store');
    const { apiKeyId } = await admit(c);
    const body = await buffer(atMost(readBody(c.env.incoming), mostBytes, tooLarge));
    // Most services are never used by an agent, so the first message loads the library.
    const { answerMcp } = await import('../mcp/http.ts');
    return answerMcp(app, c, apiKeyId, new Uint8Array(body));
  });
  return route;
}

const tooLarge = () =>
  new ApiError(413, 'body_too_large', 'The message is too large: it may be at most 2 MB.');
