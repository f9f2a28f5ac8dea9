import { Hono } from 'hono';
import type { AppEnv, Deps } from '../http/app_env.ts';
import { openapi } from '../openapi/document.ts';
import { statingMaxFile } from '../upload/max_file.ts';
import { sendJson } from './send_json.ts';

export const openapiDocument = new Hono<AppEnv>();

const documents = new WeakMap<Deps['config'], string>();

/**
 * The document is the same for everyone and open to any origin, because tools read it from wherever they run.
 */
openapiDocument.get('/openapi.json', (c) => {
  const { config } = c.var;
  const document =
    documents.get(config) ??
    statingMaxFile(JSON.stringify(openapi(config.publicUrl)), config.maxFileBytes);
  documents.set(config, document);
  c.header('Access-Control-Allow-Origin', '*');
  return sendJson(c, document);
});
