import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { endpointOf } from '../../src/openapi/endpoints.ts';
import { exampleId } from '../../src/openapi/schemas/values.ts';
import type {
  ExampleRequest,
  FormField,
} from '../../src/pages/reference/request_code/example_request.ts';
import {
  type RequestLanguage,
  requestCode,
  requestLanguages,
} from '../../src/pages/reference/request_code/request_code.ts';
import { exampleRequestOf, verifySamples } from '../../src/pages/reference/samples.ts';
import { freePort } from '../../src/process/free_port.ts';
import { signWebhook } from '../../worker/webhook/sign.ts';
import { suiteCleanup } from '../support/database.ts';
import { requireProgram } from '../support/programs.ts';
import { type Key, type Service, sample, startService } from '../support/service.ts';

/** How each language runs a file, and what must succeed for it to be at hand. */
const runtimes: Record<
  string,
  { file: string; run: string[]; server?: string[]; probe: string[] }
> = {
  curl: { file: 'sample.sh', run: ['bash'], probe: ['curl', '--version'] },
  shell: { file: 'sample.sh', run: ['bash'], probe: ['openssl', 'version'] },
  node: { file: 'sample.mjs', run: [process.execPath], probe: [process.execPath, '--version'] },
  python: { file: 'sample.py', run: ['python3'], probe: ['python3', '-c', 'import requests'] },
  php: {
    file: 'sample.php',
    run: ['php'],
    server: ['php', '-S'],
    probe: ['php', '-r', 'exit(function_exists("curl_init") ? 0 : 1);'],
  },
  go: { file: 'sample.go', run: ['go', 'run'], probe: ['go', 'version'] },
};

await requireProgram('php').catch(() => {});

/** Those whose runtime is at hand. Go is too large to be installed for a few tests. */
const isAtHand = ([program = '', ...args]: readonly string[]) =>
  spawnSync(program, args).status === 0;
const runs = new Set(Object.keys(runtimes).filter((name) => isAtHand(runtimes[name]?.probe ?? [])));
const atHand = (name: string) => runs.has(name);

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=';
const body = JSON.stringify({
  jobId: 'x',
  status: 'COMPLETED',
  outputVideo: 'https://v/video.mp4',
});

describe('the code samples of the page', () => {
  let service: Service;
  let folder: string;
  const cleanup = suiteCleanup();
  before(async () => {
    service = await startService(cleanup);
    folder = await mkdtemp(join(tmpdir(), 'vidgen-samples-'));
    for (const name of ['portrait.jpg', 'voiceover.mp3'])
      await copyFile(sample(name), join(folder, name));
    // For the import of express.
    const packages = fileURLToPath(new URL('../../node_modules', import.meta.url));
    await symlink(packages, join(folder, 'node_modules'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function start(
    { name, code }: { name: string; code: string },
    env: Record<string, string>,
  ): Promise<ChildProcess> {
    const { file, run, server } = runtimes[name] ?? { file: '', run: [] };
    await writeFile(join(folder, file), code);
    const [program = '', ...args] = env.PORT && server ? [...server, `127.0.0.1:${env.PORT}`] : run;
    return spawn(program, [...args, file], {
      cwd: folder,
      // A group of its own: "go run" leaves the ending of its child to others.
      detached: true,
      env: { ...process.env, GOCACHE: join(folder, 'go'), GOTMPDIR: folder, HOME: folder, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** What it printed, and how it ended. */
  async function finished(child: ChildProcess): Promise<{ code: number; printed: string }> {
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data) => {
        printed += data;
      });
    const [code] = (await once(child, 'close')) as [number];
    return { code, printed };
  }

  /** Runs the request as the page shows it; what it printed. */
  async function send(name: RequestLanguage, request: ExampleRequest, key: Key): Promise<string> {
    const shown = { name, code: requestCode(name, request) };
    return (await finished(await start(shown, { YOUR_API_KEY: key.apiKey }))).printed;
  }

  for (const { name, label } of requestLanguages.filter(({ name }) => atHand(name))) {
    test(`requests: ${label}`, async () => {
      const key = await service.createKey();
      const example = (id: string) => exampleRequestOf(endpointOf(id), service.url);
      const submission = example('createJob');
      // Whatever has a meaning in one of the languages.
      const title = `@"q" 'a' $HOME \\n \`b\` <?; 100%`;
      const form: FormField[] = [...(submission.form ?? []), ['title', title]];
      const submitted = await send(name, { ...submission, form }, key);
      const { jobs } = (await (await service.call('/api/jobs', key)).json()) as {
        jobs: { id: string; webhookUrl: string }[];
      };
      assert.equal(jobs.length, 1, submitted);
      const [{ id, webhookUrl } = { id: '' }] = jobs;
      assert.equal(webhookUrl, 'https://your.app/hooks/vidgen');
      assert.ok(submitted.includes(id), submitted);
      const job = (await (await service.call(`/api/jobs/${id}`, key)).json()) as {
        options: { title: string };
      };
      assert.equal(job.options.title, title);

      const listed = await send(
        name,
        { ...example('listJobs'), url: `${service.url}/api/jobs?limit=1&status=PENDING` },
        key,
      );
      assert.ok(listed.includes(id), listed);
      const of = (request: ExampleRequest) => ({
        ...request,
        url: request.url.replace(exampleId, id),
      });
      assert.match(await send(name, of(example('cancelJob')), key), /Job cancelled successfully/);
      assert.match(await send(name, of(example('streamEvents')), key), /CANCELLED/);
      assert.match(await send(name, example('getHealth'), key), /ok/);
    });
  }

  for (const shown of verifySamples().filter(({ name }) => atHand(name))) {
    test(`verify: ${shown.label}`, async () => {
      const sign = (text: string) =>
        signWebhook({
          id: 'msg_1',
          timestamp: new Date(),
          body: Buffer.from(text),
          secrets: [secret],
        });
      const forged = body.replace('COMPLETED', 'FAILED');
      if (shown.name === 'shell') {
        await writeFile(join(folder, 'body.json'), body);
        const env = { WEBHOOK_SECRET: secret, SIGNATURE: sign(body)['x-webhook-signature'] ?? '' };
        assert.deepEqual(await finished(await start(shown, env)), {
          code: 0,
          printed: 'valid signature\n',
        });
        await writeFile(join(folder, 'body.json'), forged);
        assert.equal((await finished(await start(shown, env))).code, 1);
        return;
      }
      const port = await freePort();
      const child = await start(shown, { WEBHOOK_SECRET: secret, PORT: String(port) });
      const ended = once(child, 'close');
      try {
        const post = (text: string, headers: Record<string, string>) =>
          untilListening(port, child, () =>
            fetch(`http://127.0.0.1:${port}/hooks/vidgen`, {
              method: 'POST',
              headers: { 'Content-Type': 'application/json', ...headers },
              body: text,
            }),
          );
        assert.equal((await post(body, sign(body))).status, 200);
        assert.equal((await post(forged, sign(body))).status, 401);
        assert.equal((await post(body, {})).status, 401);
      } finally {
        process.kill(-(child.pid ?? 0), 'SIGKILL');
        await ended;
      }
    });
  }
});

/** Calls again until the program listens; throws when it has ended instead. */
async function untilListening<Result>(
  port: number,
  child: ChildProcess,
  call: () => Promise<Result>,
): Promise<Result> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const refused = (error as { cause?: { code?: string } }).cause?.code === 'ECONNREFUSED';
      if (!refused || child.exitCode !== null)
        throw new Error(`nothing listens on ${port}`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
