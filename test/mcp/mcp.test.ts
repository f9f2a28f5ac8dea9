import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { program } from '../support/command.ts';
import { suiteCleanup } from '../support/database.ts';
import { type Key, type Service, startService } from '../support/service.ts';
import { tinyFacts, tinyInputs } from '../support/tiny_inputs.ts';

type Progress = { progress: number; message?: string };

describe('the tools for agents', () => {
  const cleanup = suiteCleanup();
  let service: Service;
  let at: string;
  let folder: string;
  let image: string;
  let audio: string;
  const { width, height } = tinyFacts(0);
  before(async () => {
    const inputs = await tinyInputs();
    const bodies: Record<string, Buffer> = {
      '/image': Buffer.from(await inputs.image.arrayBuffer()),
      '/audio': Buffer.from(await inputs.audio.arrayBuffer()),
    };
    const files = createServer(({ url = '' }, response) => {
      response.writeHead(bodies[url] ? 200 : 404).end(bodies[url]);
    });
    await once(files.listen(0, '127.0.0.1'), 'listening');
    cleanup.after(() => files.close());
    at = `http://127.0.0.1:${(files.address() as AddressInfo).port}`;
    folder = await mkdtemp(join(tmpdir(), 'vidgen-mcp-test-'));
    cleanup.after(() => rm(folder, { recursive: true }));
    image = join(folder, 'picture.png');
    audio = join(folder, 'sound.wav');
    await writeFile(image, bodies['/image'] ?? '');
    await writeFile(audio, bodies['/audio'] ?? '');
    const env = { FETCH_ALLOW_CIDRS: '127.0.0.0/8' };
    service = await startService(cleanup, { worker: true, env });
  });

  /** Of the revision of 2025, or of the newest, as clients choose. */
  async function connect(
    transport: StreamableHTTPClientTransport | StdioClientTransport,
    mode: 'legacy' | 'auto' = 'legacy',
  ) {
    const client = new Client({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode } });
    await client.connect(transport);
    cleanup.after(() => client.close());
    const tools = (await client.listTools()).tools.map(({ name }) => name).sort();
    return {
      tools,
      async use(name: string, given: Record<string, unknown>, progress: Progress[] = []) {
        const answer = await client.callTool(
          { name, arguments: given },
          { onprogress: (step) => progress.push(step), timeout: 120_000 },
        );
        const [content] = answer.content;
        const text = content?.type === 'text' ? content.text : '';
        assert.ok(text.length < 1_500, `a small result: ${text}`);
        const isJson = text.startsWith('{');
        return { isError: answer.isError ?? false, text, ...(isJson ? JSON.parse(text) : {}) };
      },
    };
  }
  const http = (headers: Record<string, string>) =>
    new StreamableHTTPClientTransport(new URL('/mcp', service.url), { requestInit: { headers } });
  const stdio = (...args: string[]) =>
    new StdioClientTransport({
      command: process.execPath,
      args: [...program, 'mcp', ...args],
      env: { PATH: process.env.PATH ?? '', SANDBOX: process.env.SANDBOX ?? 'auto' },
      cwd: process.cwd(),
    });
  const all = ['check_target', 'get_job', 'list_jobs', 'make_video'];

  const byAddress = async (key: Key, headers: Record<string, string>, mode: 'legacy' | 'auto') => {
    const { tools, use } = await connect(http(headers), mode);
    assert.deepEqual(tools, all);
    const progress: Progress[] = [];
    const made = await use(
      'make_video',
      { image: `${at}/image`, audio: `${at}/audio`, title: 'By an agent', waitSeconds: 120 },
      progress,
    );
    assert.deepEqual([made.isError, made.status], [false, 'COMPLETED'], made.text);
    assert.deepEqual([made.width, made.height], [width, height]);
    assert.match(made.video, /\/video\.mp4$/);
    assert.match(progress[0]?.message ?? '', /^(PENDING|PROCESSING|COMPLETED)$/);
    const steps = progress.map((step) => step.progress);
    assert.deepEqual(
      steps,
      steps.toSorted((a, b) => a - b),
    );

    const job = await use('get_job', { jobId: made.jobId });
    assert.deepEqual({ ...job, text: '' }, { ...made, text: '' });
    const list = await use('list_jobs', {});
    assert.deepEqual(
      list.jobs.map((one: { jobId: string }) => one.jobId),
      [made.jobId],
    );
    const x = await use('check_target', { target: 'x', jobId: made.jobId });
    assert.deepEqual([x.ok, x.broken[0].rule], [false, 'length']);
    assert.match(x.broken[0].mend, /longer/);
    const stored = await service.call(`/api/jobs/${made.jobId}`, key);
    assert.equal(
      ((await stored.json()) as { options: object }).options?.['title' as never],
      'By an agent',
    );
  };

  test('over HTTP: an agent of last year, with the key in a header', async () => {
    const key = await service.createKey();
    await byAddress(key, { 'X-API-Key': key.apiKey }, 'legacy');
  });

  test('over HTTP: an agent of the newest revision, with the key as a bearer', async () => {
    const key = await service.createKey();
    await byAddress(key, { Authorization: `Bearer ${key.apiKey}` }, 'auto');
  });

  test('over HTTP: what is wrong is a sentence for the agent, and the limits hold', async () => {
    const key = await service.createKey();
    const address = { 'X-Test-Ip': '198.51.100.77' };
    const { use } = await connect(http({ 'X-API-Key': key.apiKey, ...address }));
    const files = { image: `${at}/image`, audio: `${at}/audio` };
    const gone = await use('make_video', { ...files, image: `${at}/none`, waitSeconds: 120 });
    assert.deepEqual([gone.isError, gone.status], [true, 'FAILED']);
    assert.match(gone.error, /^imageUrl cannot be fetched/);
    for (const [given, sentence] of [
      [{ ...files, image: image }, /^image must be an http\(s\) address: .*"vidgen mcp" can/],
      [{ ...files, captions: 'Hello.srt' }, /^captions must be an http\(s\) address/],
      [{ ...files, audio: 'http://169.254.169.254/' }, /^audioUrl /],
      [{ ...files, captions: '1\nwhat' }, /^Line 2 of the captions/],
      [{ ...files, fit: 'stretch' }, /fit/],
      [{ ...files, fitt: 'blur' }, /fitt/],
      [{ ...files, output: '/tmp/x.mp4' }, /output/],
    ] as const) {
      const refused = await use('make_video', given);
      assert.deepEqual([refused.isError, sentence.test(refused.text)], [true, true], refused.text);
    }
    assert.match((await use('get_job', { jobId: 'none' })).text, /^No such job/);

    for (const headers of [{}, { 'X-API-Key': 'vg_unknown' }]) {
      const refused = await fetch(`${service.url}/mcp`, { method: 'POST', headers });
      assert.equal(refused.status, 401);
      assert.match(refused.headers.get('WWW-Authenticate') ?? '', /^Bearer/);
    }
    const get = await fetch(`${service.url}/mcp`);
    assert.deepEqual([get.status, get.headers.get('Allow')], [405, 'POST']);
    const limited = await fetch(`${service.url}/mcp`, {
      ...{ method: 'POST', body: 'x'.repeat(2 * 1024 * 1024 + 1) },
      headers: { 'X-API-Key': key.apiKey, ...address },
    });
    assert.equal(limited.status, 413);
    // The message, and the request that a tool makes of it, are both counted.
    const left = async () => {
      const answer = await service.call('/api/status/none', key, { headers: address });
      return Number(answer.headers.get('RateLimit-Remaining'));
    };
    const before = await left();
    await use('list_jobs', {});
    assert.equal(before - (await left()), 3);
  });

  test('on stdio, by a service: files of this machine, saved where the agent wants them', async () => {
    const key = await service.createKey();
    const { tools, use } = await connect(stdio('--url', service.url, '--key', key.apiKey), 'auto');
    assert.deepEqual(tools, all);
    const output = join(folder, 'service.mp4');
    const captions = '1\n00:00:00,000 --> 00:00:00,150\nHello\n';
    const progress: Progress[] = [];
    const made = await use(
      'make_video',
      { image, audio, captions, output, target: 'x', waitSeconds: 120 },
      progress,
    );
    assert.deepEqual(
      [made.isError, made.status, made.file],
      [false, 'COMPLETED', output],
      made.text,
    );
    assert.equal(made.meetsTarget, false);
    assert.ok(progress.length > 0);
    assert.ok((await readFile(output)).includes('Hello'), 'the captions are in it');
    const again = await use('get_job', { jobId: made.jobId, output });
    assert.deepEqual(
      [again.isError, again.text],
      [true, `${output} is there already. Name another.`],
    );
    const missing = await use('make_video', { image: join(folder, 'none.png'), audio });
    assert.match(missing.text, /^There is no file /);
    assert.equal((await use('list_jobs', { status: 'COMPLETED' })).jobs.length, 1);
  });

  test('on stdio, without a service: the video is made here', async () => {
    const { tools, use } = await connect(stdio('--local'));
    assert.deepEqual(tools, ['check_target', 'make_video']);
    const output = join(folder, 'here.mp4');
    const made = await use('make_video', { image, audio, output });
    assert.deepEqual([made.isError, made.file, made.width], [false, output, width], made.text);
    assert.equal((await readFile(output)).length, made.bytes);
    const rules = await use('check_target', { target: 'x' });
    assert.equal(rules.title, 'X');
    assert.match(rules.rules.length, /^0\.5 s to /);
  });
});
