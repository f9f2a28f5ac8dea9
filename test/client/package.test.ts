import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { buildClient, clientModule } from '../../build/client.ts';
import { freePort } from '../../src/process/free_port.ts';
import { signWebhook } from '../../worker/webhook/sign.ts';
import { suiteCleanup } from '../support/database.ts';
import { type Service, startService } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';
import { until } from '../support/until.ts';

const run = promisify(execFile);

describe('the package of the client', () => {
  const cleanup = suiteCleanup();
  /** A project that has it installed. */
  let folder: string;
  let service: Service;
  let examples: string[];
  before(async () => {
    service = await startService(cleanup, { worker: true });
    folder = await mkdtemp(join(tmpdir(), 'vidgen-client-'));
    cleanup.after(() => rm(folder, { recursive: true }));
    const installed = join(folder, 'node_modules/vidgen-client');
    await mkdir(installed, { recursive: true });
    await copyFile('client/package.json', join(installed, 'package.json'));
    await buildClient(join(installed, 'dist'));
    const { image, audio } = await tinyInputs();
    await writeFile(join(folder, 'portrait.jpg'), image.stream());
    await writeFile(join(folder, 'voiceover.mp3'), audio.stream());
    const readme = await readFile('client/README.md', 'utf8');
    examples = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, code = '']) =>
      code.replaceAll('https://vidgen.example.com', service.url),
    );
  });

  async function fileOf(name: string, example: RegExp): Promise<string> {
    const code = examples.find((one) => example.test(one));
    assert.ok(code, `the README has no example of ${example}`);
    examples.splice(examples.indexOf(code), 1);
    await writeFile(join(folder, name), code);
    return name;
  }

  test('is under 12 KB, for browsers too', async () => {
    const { outputFiles } = await build({ ...clientModule, minify: true, write: false });
    const size = outputFiles[0]?.contents.length ?? Number.POSITIVE_INFINITY;
    assert.ok(size < 12_000, `${size} bytes`);
    const text = outputFiles[0]?.text ?? '';
    assert.doesNotMatch(text, /\b(process|Buffer|require)\b/, 'nothing that only Node.js has');
    assert.doesNotMatch(text, /^import\b/m);
  });

  test('its types say what the API takes', async () => {
    const use = `
      import { createClient, type Submission, verifyWebhook } from 'vidgen-client';
      const vidgen = createClient({ url: 'https://x', apiKey: 'x' });
      const right: Submission = { image: 'a', audio: new Blob(), loudness: -14, target: 'reels' };
      const job = await vidgen.make(right, { onProgress: ({ progress }) => progress.toFixed() });
      const address: string = job.output.video;
      // @ts-expect-error there is no such shape
      const wrong: Submission = { image: 'a', audio: 'b', aspectRatio: '3:2' };
      // @ts-expect-error the sound is missing
      const half: Submission = { image: 'a' };
      export { address, wrong, half, verifyWebhook };`;
    await writeFile(join(folder, 'use.mts'), use);
    const compilerOptions = { strict: true, module: 'nodenext', target: 'es2022', noEmit: true };
    // TypeScript's own declarations are not what is asked about here.
    const own = { lib: ['es2022', 'dom'], types: [], skipDefaultLibCheck: true };
    const browser = { ...compilerOptions, ...own };
    const config = JSON.stringify({ compilerOptions: browser, files: ['use.mts'] });
    await writeFile(join(folder, 'tsconfig.json'), config);
    const args = ['node_modules/typescript/bin/tsc', '--project', folder];
    await run(process.execPath, args).catch(({ stdout }) => assert.fail(stdout));
  });

  test('the examples of its README run', async () => {
    const { apiKey, webhookSecret } = await service.createKey();
    const env = { ...process.env, VIDGEN_API_KEY: apiKey, WEBHOOK_SECRET: webhookSecret };
    const example = async (name: string, pattern: RegExp) =>
      run(process.execPath, [await fileOf(name, pattern)], { cwd: folder, env });

    const made = await example('make.mjs', /episode-17\.mp4/);
    assert.match(made.stdout, /^COMPLETED 100\n.*\/video\.mp4 .*\/share\//m);
    assert.match(made.stderr, /Reels|Instagram/, 'the warnings of its target');
    assert.ok((await stat(join(folder, 'episode-17.mp4'))).size > 1000);
    const failed = await example('errors.mjs', /catch \(error\)/);
    assert.match(failed.stderr, /^invalid_option aspectRatio aspectRatio must be one of /);
    const waited = await example('wait.mjs', /vidgen\.wait/);
    assert.equal(waited.stdout, 'COMPLETED\n');

    const port = String(await freePort());
    const receiver = spawn(process.execPath, [await fileOf('hook.mjs', /verifyWebhook/)], {
      cwd: folder,
      env: { ...env, PORT: port },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const body = '{"jobId":"x","status":"FAILED","outputVideo":null}';
      const message = {
        id: 'msg_1',
        timestamp: new Date(),
        body: Buffer.from(body),
        secrets: [webhookSecret],
      };
      const post = (text: string) =>
        fetch(`http://localhost:${port}`, {
          method: 'POST',
          headers: signWebhook(message),
          body: text,
        });
      const told = once(receiver.stdout, 'data');
      const answered = await until('the receiver answers', () => post(body).catch(() => undefined));
      assert.equal(answered.status, 204);
      assert.equal(String(await told), 'x FAILED null\n');
      assert.equal((await post('{}')).status, 401);
    } finally {
      receiver.kill();
      await once(receiver, 'exit');
    }
    assert.deepEqual(examples, [], 'every example has run');
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.endsWith('.part')),
      [],
    );
  });
});
