import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { suiteCleanup } from '../support/database.ts';
import { type Service, startService } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';

type Parameter = { name: string; value: string | string[]; enabled: boolean };
type BrunoFile = {
  meta: { name: string };
  http: { method: string; url: string; body: string };
  params?: (Parameter & { type: string })[];
  headers?: Parameter[];
  body?: { json?: string; multipartForm?: Parameter[] };
};
type Execution = {
  item: { name: string };
  response: { code: number; json(): Record<string, unknown> };
};
type PostmanItem = {
  name: string;
  request: { method: string; url: { path: string[]; query: { disabled?: true }[] } };
};

const require = createRequire(import.meta.url);
const folder = 'docs/recipes';

describe('the collections made from openapi.json', () => {
  const cleanup = suiteCleanup();
  let service: Service;
  let files: string;
  before(async () => {
    service = await startService(cleanup, { worker: true });
    files = await mkdtemp(join(tmpdir(), 'vidgen-collections-'));
    cleanup.after(() => rm(files, { recursive: true }));
    const { image, audio } = await tinyInputs();
    await writeFile(join(files, 'portrait.jpg'), image.stream());
    await writeFile(join(files, 'voiceover.mp3'), audio.stream());
  });
  const collection = async () =>
    JSON.parse(await readFile(`${folder}/vidgen.postman_collection.json`, 'utf8')) as {
      item: PostmanItem[];
    };

  test("Postman's, sent whole by its own runner, makes a video", async () => {
    const { apiKey } = await service.createKey();
    const values = Object.entries({ baseUrl: service.url, apiKey });
    const run = promisify(require('newman').run) as (o: object) => Promise<{
      run: { failures: { error: Error }[]; executions: Execution[] };
    }>;
    const { run: ran } = await run({
      collection: await collection(),
      environment: { values: values.map(([key, value]) => ({ key, value, enabled: true })) },
      workingDir: files,
      color: 'off',
    });
    assert.deepEqual(
      ran.failures.map(({ error }) => error.message),
      [],
    );
    const answers = new Map(ran.executions.map(({ item, response }) => [item.name, response]));
    assert.equal(answers.get('Submit a job')?.code, 201);
    assert.equal(answers.get('Get job status')?.json().status, 'COMPLETED');
    assert.equal(answers.get('Submit a job by address')?.code, 201);
    for (const [name, { code }] of answers)
      assert.ok(
        code < 400 || /^(Cancel|Retry|Redeliver|Webhook|Open|List caught)/.test(name),
        name,
      );
  });

  test("Bruno's says the same", async () => {
    const { bruToJsonV2 } = require('@usebruno/lang') as { bruToJsonV2(text: string): BrunoFile };
    const names = (await readdir(`${folder}/bruno`)).filter((name) => name.endsWith('.bru'));
    const { item: items } = await collection();
    assert.deepEqual(names.sort(), items.map(({ name }) => `${name}.bru`).sort());
    for (const { name, request } of items) {
      const bru = bruToJsonV2(await readFile(`${folder}/bruno/${name}.bru`, 'utf8'));
      assert.equal(bru.http.method, request.method.toLowerCase());
      const path = bru.http.url.replace(/\?.*/, '');
      assert.equal(path, `{{baseUrl}}/${request.url.path.join('/')}`);
      const query = (bru.params ?? []).filter(({ type }) => type === 'query');
      assert.deepEqual(
        query.map(({ enabled }) => enabled),
        request.url.query.map(({ disabled }) => !disabled),
      );
      const isPublic = ['Health check', 'Readiness check', 'List targets'].includes(name);
      assert.equal(
        bru.headers?.some((header) => header.name === 'X-API-Key' && header.enabled) ?? false,
        !isPublic,
        name,
      );
    }
    const submit = bruToJsonV2(await readFile(`${folder}/bruno/Submit a job.bru`, 'utf8'));
    const sent = submit.body?.multipartForm?.filter(({ enabled }) => enabled);
    assert.deepEqual(
      sent?.map(({ name, value }) => [name, value]),
      [
        ['image', ['portrait.jpg']],
        ['audio', ['voiceover.mp3']],
      ],
    );
  });
});
