import assert from 'node:assert/strict';
import * as z from 'zod';
import { protocolErrors, publicErrors } from '../../src/openapi/answered_errors.ts';
import { openapi } from '../../src/openapi/document.ts';
import type { Key } from './key.ts';

/** A JSON body parsed, any other as text. */
export type Answer<Body> = { status: number; headers: Headers; body: Body };

export type Contract = <Body = Record<string, string>>(
  path: string,
  key?: Key | string,
  init?: RequestInit,
) => Promise<Answer<Body>>;

type Caller = { call(path: string, key?: Key | string, init?: RequestInit): Promise<Response> };

type Described = {
  $ref?: string;
  content?: Record<string, { schema: object; examples?: Record<string, unknown> }>;
  headers?: Record<string, unknown>;
};
type Document = {
  paths: Record<string, Record<string, { responses: Record<string, Described> }>>;
  components: { schemas: Record<string, object>; responses: Record<string, Described> };
};

/** What the service serves as /openapi.json (test/contract/openapi.test.ts). */
const { paths, components } = openapi() as unknown as Document;
const templates = Object.keys(paths).map((path) => ({
  path,
  pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
}));

/** The calls of a client, with the bodies read. */
export const contractOf =
  ({ call }: Caller): Contract =>
  async <Body>(path: string, key?: Key | string, init?: RequestInit) => {
    const response = await call(path, key, init);
    const text = await response.text();
    const body = isJson(response) && text ? JSON.parse(text) : text;
    return { status: response.status, headers: response.headers, body: body as Body };
  };

/**
 * Throws unless the response, whose body stays unread, is what openapi.json promises. A request for
 * something the service does not offer gets an ordinary error.
 */
export async function assertPromised(method: string, url: string, response: Response) {
  const { status, headers } = response;
  const { pathname } = new URL(url);
  const isApi = /^\/api(\/|$)/.test(pathname);
  const where = `${method} ${pathname} ${status}`;
  const responses = responsesTo(method, pathname);
  if (method === 'OPTIONS' || !(responses || isApi)) return;
  const listed = resolved(responses?.[status]);
  const promised = listed ?? (status >= 400 ? anyError : undefined);
  assert.ok(promised, `${where} is not in openapi.json`);
  const { headers: expected = {}, content } = promised;
  for (const name of Object.keys(expected)) {
    if (/^(Idempotent-Replayed|Preference-Applied)$/.test(name)) continue;
    if (name === 'Retry-After' && status !== 429) continue;
    assert.ok(headers.has(name), `${where} has no ${name}`);
  }
  const schema = content?.['application/json']?.schema;
  if (!schema || method === 'HEAD') return;
  assert.ok(isJson(response), `${where} is ${headers.get('Content-Type')}`);
  const body = (await response.clone().json()) as { requestId?: string; code?: string };
  assertSchema(schema, body, where);
  if (status < 400) return;
  assert.equal(body.requestId, headers.get('X-Request-Id'), where);
  const own = Object.keys(listed?.content?.['application/json']?.examples ?? {});
  const codes: string[] = [...protocolErrors, ...(responses ? own : publicErrors)];
  assert.ok(body.code && codes.includes(body.code), `${where} has no ${body.code}, but ${codes}`);
}

export function assertSchema(schema: object, value: unknown, where: string): void {
  const checked = parserOf(schema).safeParse(value);
  assert.ok(checked.success, `${where}: ${checked.error?.message}\n${JSON.stringify(value)}`);
}

function responsesTo(method: string, pathname: string) {
  const template = templates.find(({ pattern }) => pattern.test(pathname));
  const asked = method === 'HEAD' ? 'get' : method.toLowerCase();
  return template && paths[template.path]?.[asked]?.responses;
}

const resolved = (one?: Described) => named(one?.$ref) ?? one;
const named = (reference?: string) => components.responses[reference?.split('/').at(-1) ?? ''];
/** The shape of every error: one that no operation lists is of a request that reached none. */
const anyError = named('Error500');

const isJson = (response: Response) =>
  response.headers.get('Content-Type')?.startsWith('application/json') ?? false;

/** By the text of the schema: most answers name one of a few components. */
const parsers = new Map<string, z.ZodType>();
/** A validator made from the document alone, as any client would make it. */
function parserOf(schema: object): z.ZodType {
  const key = JSON.stringify(schema);
  const known = parsers.get(key);
  if (known) return known;
  const text = JSON.stringify({ ...schema, $defs: components.schemas });
  const parser = z.fromJSONSchema(JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')));
  parsers.set(key, parser);
  return parser;
}
