import { Hono } from 'hono';
import type { AppEnv } from '../http/app_env.ts';
import { openapi } from '../openapi/document.ts';
import { sendJson } from './send_json.ts';

export const openapiDocument = new Hono<AppEnv>();

const document = JSON.stringify(openapi());

openapiDocument.get('/openapi.json', (c) => sendJson(c, document));
