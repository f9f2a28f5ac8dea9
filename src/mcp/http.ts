import { createMcpHandler } from '@modelcontextprotocol/server';
import type { Context, Hono } from 'hono';
import type { AppEnv } from '../http/app_env.ts';
import { follow } from '../routes/status.ts';
import { ownApi } from './own_api.ts';
import { createMcpServer } from './server.ts';
import { serviceBackend } from './service_backend.ts';

/** Answers one message. Nothing is kept between messages, so any process may get the next one. */
export function answerMcp(
  app: Hono<AppEnv>,
  c: Context<AppEnv>,
  apiKeyId: string,
  body: Uint8Array<ArrayBuffer>,
): Promise<Response> {
  const backend = serviceBackend(ownApi(app, c), (jobId, first) =>
    follow(c, apiKeyId, jobId, first),
  );
  const handler = createMcpHandler(() => createMcpServer(backend), {
    // Its comments keep the connection alive while a tool waits.
    responseMode: 'sse',
    onerror: (err) => c.var.log.debug({ requestId: c.var.requestId, err }, 'MCP'),
  });
  const { method, headers, signal } = c.req.raw;
  return handler.fetch(new Request(c.req.url, { method, headers, signal, body }));
}
