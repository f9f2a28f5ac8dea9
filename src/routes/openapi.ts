import { Hono } from 'hono';
import type { AppEnv } from '../http/app_env.ts';
import { openapi } from '../openapi/document.ts';
import { sendJson } from './send_json.ts';

export const openapiDocument = new Hono<AppEnv>();

const documents = new Map<string, string>();

/**
 * The document is the same for everyone and open to any origin, because tools read it from wherever they run.
 */
openapiDocument.get('/openapi.json', (c) => {
  const { publicUrl } = c.var.config;
  const document = documents.get(publicUrl) ?? JSON.stringify(openapi(publicUrl));
  documents.set(publicUrl, document);
  c.header('Access-Control-Allow-Origin', '*');
  return sendJson(c, document);
});
