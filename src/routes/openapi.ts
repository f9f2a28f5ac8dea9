import { Hono } from 'hono';
import type { AppEnv, Deps } from '../http/app_env.ts';
import { type Served, send, served } from '../http/served.ts';
import { openapi } from '../openapi/document.ts';
import { statingMaxFile } from '../upload/max_file.ts';

export const openapiDocument = new Hono<AppEnv>();

const documents = new WeakMap<Deps['config'], Promise<Served>>();

/**
 * The document is the same for everyone and open to any origin, because tools read it from wherever they run.
 */
openapiDocument.get('/openapi.json', async (c) => {
  const { config } = c.var;
  const document =
    documents.get(config) ??
    served(
      statingMaxFile(JSON.stringify(openapi(config.publicUrl)), config.maxFileBytes),
      'application/json',
    );
  documents.set(config, document);
  return send(c, await document, {
    ...{ 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'no-cache' },
  });
});
