import assert from 'node:assert/strict';
import { z } from 'zod';
import type { Key, Service } from './service.ts';

/** A response that was held against openapi.json: JSON bodies parsed, others as text. */
export type Answer<Body> = { status: number; headers: Headers; body: Body };

export type Contract = <Body = Record<string, string>>(
  path: string,
  key?: Key | string,
  init?: RequestInit,
) => Promise<Answer<Body>>;

type Operation = { responses: Record<string, { $ref?: string } & Described> };
type Described = {
  content?: Record<string, { schema: object }>;
  headers?: Record<string, unknown>;
};
type Document = {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; responses: Record<string, Described> };
};

/** Calls the service and asserts that every answer is what its own /openapi.json promises. */
export async function contractOf(service: Pick<Service, 'url' | 'call'>): Promise<Contract> {
  const document = (await (await fetch(`${service.url}/openapi.json`)).json()) as Document;
  return async <Body>(path: string, key?: Key | string, init?: RequestInit) => {
    const response = await service.call(path, key, init);
    const text = await response.text();
    const isJson = response.headers.get('Content-Type')?.startsWith('application/json');
    const body = isJson && text ? JSON.parse(text) : text;
    const method = init?.method ?? 'GET';
    assertPromised(document, method, new URL(response.url).pathname, response, body);
    return { status: response.status, headers: response.headers, body: body as Body };
  };
}

function assertPromised(
  document: Document,
  method: string,
  path: string,
  response: Response,
  body: unknown,
): void {
  const { status, headers } = response;
  const where = `${method} ${path} ${status}`;
  const promised = responseOf(document, method, path, status);
  if (!promised) {
    assert.ok([404, 405].includes(status), `${where} is not in openapi.json`);
  }
  for (const name of Object.keys(promised?.headers ?? {})) {
    if (name === 'Idempotent-Replayed' || (name === 'Retry-After' && status !== 429)) continue;
    assert.ok(headers.has(name), `${where} has no ${name}`);
  }
  if (method === 'HEAD') return;
  const schema = promised?.content?.['application/json']?.schema ?? {
    $ref: '#/components/schemas/Error',
  };
  const checked = parserOf(document, schema).safeParse(body);
  assert.ok(checked.success, `${where}: ${checked.error?.message}\n${JSON.stringify(body)}`);
  if (status >= 400) {
    const { requestId } = body as { requestId: string };
    assert.equal(requestId, headers.get('X-Request-Id'), where);
  }
}

function responseOf(
  { paths, components }: Document,
  method: string,
  path: string,
  status: number,
): Described | undefined {
  const template = Object.keys(paths).find((one) =>
    new RegExp(`^${one.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
  );
  const asked = method === 'HEAD' ? 'get' : method.toLowerCase();
  const response = template ? paths[template]?.[asked]?.responses[status] : undefined;
  const name = response?.$ref?.split('/').at(-1);
  return name ? components.responses[name] : response;
}

/** A validator made of the document alone, as a stranger would make it. */
function parserOf({ components }: Document, schema: object): z.ZodType {
  const text = JSON.stringify({ ...schema, $defs: components.schemas });
  return z.fromJSONSchema(JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')));
}
