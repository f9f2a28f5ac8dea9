import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { openapi } from '../../src/openapi/document.ts';
import { exampleOf } from '../../src/openapi/endpoints/endpoint.ts';
import { endpoints, moreEndpoints } from '../../src/openapi/endpoints.ts';
import { suiteCleanup } from '../support/database.ts';
import { pngOf, wavOf } from '../support/multipart.ts';
import { type Service, startService } from '../support/service.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const inGit = () => readFile(join(root, 'openapi.json'), 'utf8');

describe('openapi.json', () => {
  const cleanup = suiteCleanup();
  let service: Service;
  before(async () => {
    service = await startService(cleanup);
  });

  test('the service serves the same, to anybody', async () => {
    const response = await fetch(`${service.url}/openapi.json`);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('Content-Type'), 'application/json');
    assert.equal(response.headers.get('Access-Control-Allow-Origin'), '*');
    assert.match(response.headers.get('Content-Encoding') ?? '', /^(br|gzip)$/);
    assert.equal(response.headers.get('Vary'), 'Accept-Encoding');
    const headers = { 'If-None-Match': response.headers.get('ETag') ?? '' };
    assert.equal((await fetch(response.url, { headers })).status, 304);
    const served = (await response.json()) as ReturnType<typeof openapi>;
    assert.deepEqual(served.servers, [{ url: service.url }]);
    assert.deepEqual(served, openapi(service.url));
    assert.deepEqual(openapi(), JSON.parse(await inGit()));
  });

  test('each of its paths is there for just the methods it says', async () => {
    const allowed = async (path: string) => {
      const answer = await service.call(path.replaceAll(/:\w+/g, 'x'), undefined, {
        method: 'PUT',
      });
      assert.equal(answer.status, 405, path);
      return answer.headers.get('Allow');
    };
    const all = [...endpoints, ...moreEndpoints];
    for (const path of new Set(all.map((endpoint) => endpoint.path))) {
      const methods = all.filter((one) => one.path === path).map(({ method }) => method);
      const heads = methods.includes('GET') ? ['HEAD'] : [];
      assert.equal(await allowed(path), [...methods, ...heads].sort().join(', '), path);
    }
  });

  test('linters find nothing', async () => {
    const problems = await lintFromString({
      source: JSON.stringify(openapi('https://vidgen.example.org')),
      config: await createConfig({ extends: ['recommended'] }),
    });
    const found = problems.map(({ ruleId, location: [at] }) => `${ruleId} ${at?.pointer}`);
    // Health is never refused.
    assert.deepEqual(found, ['operation-4xx-response #/paths/~1api~1health/get/responses']);
  });

  test('its examples are what its schemas allow', () => {
    for (const { id, response } of [...endpoints, ...moreEndpoints])
      assert.ok(response.schema.safeParse(exampleOf(response.schema)).success, id);
  });

  test('each field has an example, or values to choose from; what filters a list has none', async () => {
    type Schema = { [key: string]: unknown; properties?: Record<string, Schema>; items?: Schema };
    type Value = { name: string; in: string; schema: Schema };
    const isShown = (schema: Schema) =>
      ['examples', 'enum', 'const', 'default'].some((key) => schema[key] !== undefined) ||
      schema.format === 'binary' ||
      schema.type === 'boolean';
    const without = (at: string, schema: Schema): string[] => {
      const { properties, items, anyOf = [] } = schema;
      if (items) return without(`${at}[]`, items);
      if (properties)
        return Object.entries(properties).flatMap(([name, one]) => without(`${at}.${name}`, one));
      const isGiven = isShown(schema) || (anyOf as Schema[]).some(isShown) || '$ref' in schema;
      return isGiven ? [] : [at];
    };
    const { paths, components } = JSON.parse(await inGit());
    const found = Object.entries<Schema>(components.schemas).flatMap(([name, schema]) =>
      without(name, schema),
    );
    for (const operation of Object.values(paths).flatMap((one) => Object.values(one as object))) {
      const { operationId: id, parameters = [], requestBody } = operation;
      for (const [type, { schema, example }] of Object.entries<{
        schema: Schema;
        example?: object;
      }>(requestBody?.content ?? {})) {
        found.push(...without(`${id} ${type}`, schema));
        if (type === 'application/json') assert.ok(example, id);
      }
      for (const { name, in: place, schema } of parameters as Value[]) {
        if (place === 'query') assert.equal(schema.examples, undefined, `${id} ${name}`);
        else found.push(...without(`${id} ${name}`, schema));
      }
    }
    assert.deepEqual(found, []);
  });

  test('no value has a pattern beside a format, which code generators match against a date', async () => {
    const both: unknown[] = [];
    JSON.parse(await inGit(), (_, value) => {
      if (value?.pattern && value.format) both.push(value);
      return value;
    });
    assert.deepEqual(both, []);
  });

  test('a client generated from it (openapi-typescript, openapi-fetch) compiles and works', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vidgen-client-'));
    try {
      await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
      await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
      await writeFile(join(folder, 'api.ts'), await generatedTypes());
      await writeFile(join(folder, 'client.ts'), clientProgram);
      compileStrictly(join(folder, 'client.ts'));
      await writeFile(join(folder, 'image.png'), pngOf(2_000).bytes);
      await writeFile(join(folder, 'audio.wav'), wavOf(2_000).bytes);
      const { apiKey } = await service.createKey();
      const program = ['client.js', service.url, apiKey];
      const { stdout } = await promisify(execFile)(process.execPath, program, {
        cwd: folder,
        env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' },
      });
      assert.deepEqual(JSON.parse(stdout), {
        created: 'Job created',
        replayed: 'true',
        second: 'active_job_exists',
        status: 'PENDING',
        listed: 1,
        cancelled: true,
        unknown: 'job_not_found',
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

/** Writes the JavaScript beside it. Here and not by tsc, which would load the compiler once more. */
function compileStrictly(path: string): void {
  const program = ts.createProgram([path], {
    ...{ strict: true, skipLibCheck: true, rewriteRelativeImportExtensions: true },
    ...{ target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.NodeNext },
    // Without the browsers' types, which take a second to load: Node.js has what it needs.
    lib: ['lib.es2023.d.ts'],
    ...{ types: ['node'], typeRoots: [join(root, 'node_modules/@types')] },
  });
  const { diagnostics } = program.emit();
  assert.equal(
    ts.formatDiagnostics([...ts.getPreEmitDiagnostics(program), ...diagnostics], {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => root,
      getNewLine: () => '\n',
    }),
    '',
  );
}

/** Files are Blobs, as the documentation of openapi-typescript recommends. */
async function generatedTypes(): Promise<string> {
  const blob = ts.factory.createTypeReferenceNode('Blob');
  const nodes = await openapiTS(await inGit(), {
    transform: (schema) => ('format' in schema && schema.format === 'binary' ? blob : undefined),
  });
  return astToString(nodes);
}

/** What a client's developer would write: the compiler checks every name against the document. */
const clientProgram = `
import { openAsBlob } from 'node:fs';
import createClient from 'openapi-fetch';
import type { paths } from './api.ts';

const [baseUrl, apiKey = ''] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl, headers: { 'X-API-Key': apiKey } });
const submit = async (idempotencyKey: string) =>
  client.POST('/api/jobs', {
    params: { header: { 'Idempotency-Key': idempotencyKey } },
    body: { image: await openAsBlob('image.png'), audio: await openAsBlob('audio.wav') },
    bodySerializer: (fields) => {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      return form;
    },
  });

const created = await submit('one');
const jobId = created.data?.jobId ?? '';
const replay = await submit('one');
const second = await submit('two');
const status = await client.GET('/api/status/{jobId}', { params: { path: { jobId }, query: { wait: 0 } } });
const list = await client.GET('/api/jobs', { params: { query: { limit: 5, status: 'PENDING' } } });
const cancelled = await client.DELETE('/api/jobs/{jobId}', { params: { path: { jobId } } });
const unknown = await client.GET('/api/status/{jobId}', { params: { path: { jobId: 'none' } } });
const pending: 'PENDING' | 'PROCESSING' | 'COMPLETED' | 'FAILED' | 'CANCELLED' | undefined = status.data?.status;
const cursor: string | null | undefined = list.data?.pagination.nextCursor;
if (cursor) throw new Error('There is a second page of one job.');
console.log(JSON.stringify({
  created: created.data?.message,
  replayed: replay.response.headers.get('Idempotent-Replayed'),
  second: second.error?.code,
  status: pending,
  listed: list.data?.jobs.length,
  cancelled: cancelled.data?.success,
  unknown: unknown.error?.code,
}));
`;
