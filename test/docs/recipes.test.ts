import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { runInNewContext } from 'node:vm';
import { parse as parseYaml } from 'yaml';
import { requestsOf } from '../../build/collections/requests.ts';
import { openapi } from '../../src/openapi/document.ts';
import { targetNames } from '../../src/video_options.ts';
import { signWebhook } from '../../worker/webhook/sign.ts';
import { suiteCleanup } from '../support/database.ts';
import { requireProgram, without } from '../support/programs.ts';
import { type Service, startService } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';
import { requireBru } from './bru.ts';

/** An answer to a request of a collection. */
type Answer = { code: number; json(): { status?: string } };

const require = createRequire(import.meta.url);
const folder = 'docs/recipes';
const wordpress = 'test/docs/wordpress.php';

describe('the recipes', () => {
  const cleanup = suiteCleanup();
  let service: Service;
  let files: string;
  before(async () => {
    service = await startService(cleanup, { worker: true, env: { WEBHOOK_CATCHER: 'on' } });
    files = await mkdtemp(join(tmpdir(), 'vidgen-collections-'));
    cleanup.after(() => rm(files, { recursive: true }));
    const { image, audio } = await tinyInputs();
    await writeFile(join(files, 'portrait.jpg'), image.stream());
    await writeFile(join(files, 'voiceover.mp3'), audio.stream());
  });
  function assertWhole(answers: Map<string, Answer>): void {
    const names = requestsOf(openapi()).map(({ name }) => name);
    assert.deepEqual([...answers.keys()], names);
    assert.equal(answers.get('Submit a job')?.code, 201);
    assert.equal(answers.get('Get job status')?.json().status, 'COMPLETED');
    assert.equal(answers.get('Submit a job by address')?.code, 201);
    for (const [name, { code }] of answers)
      assert.ok(code < 400 || /^(Cancel|Retry|Redeliver) /.test(name), `${name}: ${code}`);
  }

  test("Postman's collection, sent whole by its own runner, makes a video", async () => {
    const { apiKey } = await service.createKey();
    const values = Object.entries({ baseUrl: service.url, apiKey });
    const run = promisify(require('newman').run) as (o: object) => Promise<{
      run: {
        failures: { error: Error }[];
        executions: { item: { name: string }; response: Answer }[];
      };
    }>;
    const { run: ran } = await run({
      collection: resolve(folder, 'vidgen.postman_collection.json'),
      environment: { values: values.map(([key, value]) => ({ key, value, enabled: true })) },
      workingDir: files,
      color: 'off',
    });
    assert.deepEqual(
      ran.failures.map(({ error }) => error.message),
      [],
    );
    assertWhole(new Map(ran.executions.map(({ item, response }) => [item.name, response])));
  });

  test("Bruno's folder, sent whole by its own runner as the page says, makes one too", async () => {
    const { apiKey } = await service.createKey();
    const bruno = join(files, 'bruno');
    await cp(`${folder}/bruno`, bruno, { recursive: true });
    for (const name of ['portrait.jpg', 'voiceover.mp3'])
      await copyFile(join(files, name), join(bruno, name));
    const command = /^bru run .*$/m.exec(await recipe('postman'))?.[0];
    const path = [await requireBru(), dirname(process.execPath), process.env.PATH];
    const env = { PATH: path.join(delimiter), VIDGEN_URL: service.url, VIDGEN_API_KEY: apiKey };
    // It exits with 1 when a test in the folder fails.
    await sh(`cd bruno && ${command} --reporter-json ../bruno.json`, env).catch(({ stdout }) =>
      assert.fail(stdout),
    );
    const [ran] = JSON.parse(await readFile(join(files, 'bruno.json'), 'utf8')) as [
      { results: { name: string; response: { status: number; data: object } }[] },
    ];
    const answers = ran.results.map(
      ({ name, response: { status, data } }) => [name, { code: status, json: () => data }] as const,
    );
    assertWhole(new Map(answers));
  });

  const recipe = (name: string) => readFile(`${folder}/${name}.md`, 'utf8');
  const blockOf = async (name: string, language: string) =>
    new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms').exec(await recipe(name))?.[1] ?? '';
  const sh = (script: string, env: Record<string, string>, ...args: string[]) =>
    promisify(execFile)('sh', ['-c', script, 'sh', ...args], {
      ...{ cwd: files, env: { PATH: process.env.PATH, ...env } },
    });
  const isVideo = async (path: string) =>
    assert.equal((await readFile(join(files, path))).toString('latin1', 4, 8), 'ftyp');

  test('the script makes a video, the same one again, and says what is wrong', async () => {
    const key = await service.createKey();
    const env = { VIDGEN_URL: service.url, VIDGEN_API_KEY: key.apiKey };
    const script = await blockOf('curl', 'sh');
    for (const output of ['one.mp4', 'two.mp4']) {
      await sh(script, env, 'portrait.jpg', 'voiceover.mp3', output);
      await isVideo(output);
    }
    const list = await service.call('/api/jobs', key);
    assert.equal(((await list.json()) as { jobs: unknown[] }).jobs.length, 1);
    const wrong = sh(script, env, 'portrait.jpg', 'portrait.jpg', 'three.mp4');
    await assert.rejects(wrong, /unsupported_media_type/);
  });

  test('the steps of the GitHub workflow make a video', async () => {
    const { apiKey } = await service.createKey();
    const { jobs } = parseYaml(await blockOf('github-actions', 'yaml')) as {
      jobs: { video: { steps: { run?: string }[] } };
    };
    const [step] = jobs.video.steps.flatMap(({ run }) => run ?? []);
    await copyFile(join(files, 'portrait.jpg'), join(files, 'cover.jpg'));
    await copyFile(join(files, 'voiceover.mp3'), join(files, 'episode.mp3'));
    await sh(step ?? '', {
      ...{ VIDGEN_URL: service.url, VIDGEN_API_KEY: apiKey, GITHUB_SHA: '4f1e2d' },
    });
    await isVideo('episode.mp4');
  });

  test("n8n's workflow holds together, and its nodes ask for what there is", async () => {
    const { nodes, connections } = JSON.parse(await blockOf('n8n', 'json')) as {
      nodes: { name: string; type: string; parameters: Record<string, unknown> }[];
      connections: Record<string, { main: { node: string }[][] }>;
    };
    const names = nodes.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    for (const [from, { main }] of Object.entries(connections))
      for (const name of [from, ...main.flat().map(({ node }) => node)])
        assert.ok(names.includes(name), name);
    const reached = Object.values(connections).flatMap(({ main }) => main.flat());
    for (const name of names.slice(1))
      assert.ok(
        reached.some(({ node }) => node === name),
        `nothing leads to ${name}`,
      );
    // What the expression of the node makes of its input is a submission that the service takes.
    const { jsonBody } = nodes.find(({ name }) => name === 'Submit')?.parameters ?? {};
    const Json = { imageUrl: 'https://a.example/a.jpg', audioUrl: 'https://a.example/a.mp3' };
    const expression = /^=\{\{ (.*) \}\}$/.exec(String(jsonBody))?.[1];
    const body = runInNewContext(expression ?? '', { $json: Json }) as string;
    const { apiKey } = await service.createKey();
    const answer = await fetch(`${service.url}/api/jobs`, {
      ...{ method: 'POST', body },
      headers: { 'X-API-Key': apiKey, 'Content-Type': 'application/json' },
    });
    assert.equal(answer.status, 201, await answer.text());
  });

  test("WordPress' plugin submits a post, believes only what is signed, and shows the video", {
    skip: without('php'),
  }, async () => {
    const key = await service.createKey();
    await writeFile(join(files, 'plugin.php'), await blockOf('wordpress', 'php'));
    const job = { status: 'COMPLETED', outputVideo: 'https://v/video.mp4', errorMessage: null };
    const body = JSON.stringify({ ...job, metadata: { post: '7' } });
    const message = { id: 'msg_1', timestamp: new Date(), body: Buffer.from(body) };
    const env = {
      ...{ VIDGEN_URL: service.url, VIDGEN_API_KEY: key.apiKey, BODY: body },
      VIDGEN_WEBHOOK_SECRET: key.webhookSecret,
      SIGNATURE: signWebhook({ ...message, secrets: [key.webhookSecret] })['x-webhook-signature'],
    };
    const php = await requireProgram('php');
    const { stdout } = await promisify(execFile)(php, [wordpress, join(files, 'plugin.php')], {
      env: { ...process.env, ...env },
    });
    const { submitted, allowed, meta, status, shown } = JSON.parse(stdout);
    const answer = await service.call(`/api/jobs/${submitted.vidgen_job}`, key);
    const made = (await answer.json()) as Record<string, unknown>;
    assert.deepEqual([made.metadata, made.options], [{ post: '7' }, { title: 'Überschrift' }]);
    assert.equal(made.webhookUrl, 'https://blog.example/wp-json/vidgen/v1/ended');
    assert.deepEqual(allowed, [true, false, false]);
    assert.deepEqual([status, meta.vidgen_status, meta.vidgen_error], [204, 'COMPLETED', '']);
    assert.equal(shown, '<video src="https://v/video.mp4">');
  });

  test('no recipe asks for an endpoint, a parameter or an option that there is not', async () => {
    const { paths } = JSON.parse(await readFile('openapi.json', 'utf8')) as {
      paths: Record<string, object>;
    };
    const patterns = Object.keys(paths).map(
      (path) => new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/?]+')}$`),
    );
    const list = await recipe('README');
    for (const file of (await readdir(folder)).filter((name) => name.endsWith('.md'))) {
      const text = await readFile(join(folder, file), 'utf8');
      if (file !== 'README.md') assert.ok(list.includes(`(${file})`), `${file} is not in the list`);
      for (const [, path = ''] of text.matchAll(/(\/api\/[^\s"'`?,)]*)/g)) {
        const plain = path.replaceAll(/\{\{.*?(\}\}|$)|\$\w+/g, 'x').replace(/\/$/, '/x');
        assert.ok(
          patterns.some((pattern) => pattern.test(plain)),
          `${file}: ${path}`,
        );
      }
      for (const [, target] of text.matchAll(/target["=:]+\s*'?"?(\w+)/g))
        assert.ok(targetNames.includes(target as never), `${file}: ${target}`);
    }
  });
});
