import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, beforeEach, describe, test } from 'node:test';
import {
  createClient,
  type JobStatus,
  type VidgenError,
  verifyWebhook,
} from '../../client/index.ts';
import { freePort } from '../../src/process/free_port.ts';
import { signWebhook } from '../../worker/webhook/sign.ts';
import { suiteCleanup } from '../support/database.ts';
import { type Service, startService } from '../support/service.ts';
import { tinyFacts, tinyInputs } from '../support/tiny_inputs.ts';
import { startProxy, type UnreliableProxy } from './unreliable_proxy.ts';

describe('the client', () => {
  const cleanup = suiteCleanup();
  let folder: string;
  let image: string;
  let audio: string;
  let proxy: UnreliableProxy;
  let service: Service;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vidgen-client-'));
    cleanup.after(() => rm(folder, { recursive: true }));
    const inputs = await tinyInputs();
    image = join(folder, 'picture.png');
    audio = join(folder, 'sound.wav');
    await writeFile(image, inputs.image.stream());
    await writeFile(audio, inputs.audio.stream());
    proxy = await startProxy(cleanup);
    // The videos' URLs point there too.
    service = await startService(cleanup, { env: { PUBLIC_URL: proxy.url }, worker: true });
    proxy.target = service.config.port;
  });
  beforeEach(() => {
    proxy.faults = [];
    proxy.seen = [];
  });

  async function newClient(url = proxy.url) {
    const { apiKey } = await service.createKey();
    return createClient({ url, apiKey });
  }
  const seen = (beginning: string) => proxy.seen.filter(({ line }) => line.startsWith(beginning));

  test('make: uploads, tells progress, gives the whole job; save writes the video', async () => {
    const vidgen = await newClient();
    const told: JobStatus[] = [];
    const made = await vidgen.make(
      {
        image,
        audio,
        aspectRatio: '1:1',
        resolution: '720p',
        metadata: { order: '17' },
        title: 'Ö',
      },
      { onProgress: (status) => told.push(status) },
    );
    assert.equal(told.at(-1)?.status, 'COMPLETED');
    assert.deepEqual(
      told.map(({ progress }) => progress).toSorted((a, b) => a - b),
      told.map(({ progress }) => progress),
    );
    assert.deepEqual(made.options, { aspectRatio: '1:1', resolution: '720p', title: 'Ö' });
    assert.deepEqual(made.metadata, { order: '17' });
    assert.equal(made.output.width, 720);
    assert.equal(seen('GET /api/status').length, 0, 'the stream tells all');
    const path = join(folder, 'out.mp4');
    await vidgen.save(made, path);
    assert.equal(sha256(await readFile(path)), made.output.sha256);
    assert.deepEqual(await vidgen.list({ limit: 1 }).then(({ jobs }) => jobs.map(({ id }) => id)), [
      made.id,
    ]);
    assert.ok((await vidgen.targets()).targets.some(({ name }) => name === 'reels'));
  });

  test('an answer that is lost, 429, a broken stream and a broken download: one job, the whole video', async () => {
    const vidgen = await newClient();
    proxy.faults = [
      { at: 'POST /api/jobs', cutAfter: 0 },
      { at: 'POST /api/jobs', answer: refusal(429, 'rate_limited', { 'Retry-After': '0' }) },
      { at: /^GET \/api\/jobs\/\w+\/events/, cutAfter: 10 },
      {
        at: /^GET \/api\/jobs\/\w+\/events/,
        answer: { status: 502, body: '<h1>Bad gateway</h1>' },
      },
      { at: 'GET /media/', cutAfter: 1000 },
      { at: 'GET /media/', cutAfter: 500 },
    ];
    const { image, audio } = await tinyInputs(1);
    const made = await vidgen.make({ image, audio: audio.stream() });
    assert.equal(made.output.width, tinyFacts(1).width);
    assert.equal((await vidgen.list()).jobs.length, 1);
    const keys = seen('POST /api/jobs').map(({ headers }) => headers['idempotency-key']);
    assert.equal(keys.length, 3);
    assert.equal(new Set(keys).size, 1);
    const pieces: Uint8Array[] = [];
    for await (const piece of vidgen.download(made)) pieces.push(piece);
    assert.equal(sha256(Buffer.concat(pieces)), made.output.sha256);
    const asked = seen('GET /media/').map(({ headers }) => [headers.range, headers['if-range']]);
    const [, first, second] = asked.map(([, etag]) => etag);
    assert.ok(first && first === second, 'only the same video is gone on with');
    assert.deepEqual(
      asked.map(([range]) => range),
      [undefined, 'bytes=1000-', 'bytes=1500-'],
    );
  });

  test('where streams do not get through it asks', async () => {
    const vidgen = await newClient();
    proxy.faults = [{ at: /\/events/, times: 99, answer: { status: 404, body: 'no such page' } }];
    const bytes = new Uint8Array(await readFile(image));
    const made = await vidgen.make({ image: bytes, audio: createReadStream(audio) });
    assert.equal(made.status, 'COMPLETED');
    assert.ok(seen('GET /api/status').length > 0);
    assert.equal(proxy.seen.filter(({ line }) => line.includes('/events')).length, 1);
  });

  test('a video that changes on the way, or never comes whole, is an error and leaves no file', async () => {
    const vidgen = await newClient();
    const made = await vidgen.make({ image, audio });
    const path = join(folder, 'broken.mp4');
    proxy.faults = [
      { at: 'GET /media/', cutAfter: 100 },
      { at: 'GET /media/', answer: { status: 200, body: 'another' } },
    ];
    await fails(vidgen.save(made, path), 'download_failed', /changed on the way/);
    proxy.faults = [{ at: 'GET /media/', times: 99, answer: refusal(410, 'media_gone') }];
    await fails(vidgen.save(made, path), 'media_gone', /media_gone/);
    const left = (await readdir(folder)).filter((name) => name.startsWith('broken'));
    assert.deepEqual(left, []);
  });

  test('errors are told by their code, with a sentence', async () => {
    const vidgen = await newClient();
    const stranger = createClient({ url: proxy.url, apiKey: 'vg_wrong' });
    await fails(stranger.make({ image, audio }), 'api_key_unknown', /Check the X-API-Key/);
    const wrong = await fails(
      vidgen.make({ image, audio, aspectRatio: '3:2' as '1:1' }),
      'invalid_option',
      /must be one of/,
    );
    assert.equal(wrong.field, 'aspectRatio');
    assert.equal(wrong.status, 400);
    assert.ok(wrong.requestId);
    await fails(
      vidgen.make({ image: audio, audio }),
      'unsupported_media_type',
      /JPEG, PNG or WebP/,
    );
    await fails(
      vidgen.make({ image: join(folder, 'no.png'), audio }),
      'file_unreadable',
      /no file/,
    );
    await fails(vidgen.make({ image: folder, audio }), 'file_unreadable', /not a file/);
    const noPicture = new Blob([new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 16])]);
    const failed = await fails(vidgen.make({ image: noPicture, audio }), 'job_failed', /./);
    await fails(vidgen.cancel(failed.jobId ?? ''), 'job_not_cancellable', /FAILED/);

    const nowhere = `http://127.0.0.1:${await freePort()}`;
    const away = createClient({ url: nowhere, apiKey: 'vg_x', retries: 1 });
    await fails(away.list(), 'unreachable', /127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\)/);
    const page = createClient({ url: `${proxy.url}/docs/..`, apiKey: 'vg_x' });
    proxy.faults = [
      { at: 'GET /api/jobs', answer: { status: 200, headers: { 'Content-Type': 'text/html' } } },
      { at: 'GET /api/jobs', answer: { status: 301, headers: { Location: 'https://elsewhere/' } } },
    ];
    await fails(page.list(), 'unexpected_response', /it answered text\/html/);
    await fails(page.list(), 'unexpected_response', /it redirects to https:\/\/elsewhere/);
    assert.throws(() => createClient({ url: 'example.com', apiKey: 'x' }), /must be like https:/);
    assert.throws(() => createClient({ url: proxy.url, apiKey: 'é' }), /visible ASCII/);
  });

  test('a busy key is told at once; a make that is aborted frees it', async (t) => {
    const idle = await startService(t);
    const { apiKey } = await idle.createKey();
    const vidgen = createClient({ url: idle.url, apiKey });
    const stop = new AbortController();
    const waiting = vidgen.make(
      { image, audio },
      { signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) },
    );
    await assert.rejects(waiting, /enough/);
    const [job] = (await vidgen.list()).jobs;
    assert.equal(job?.status, 'CANCELLED');
    const { jobId } = await vidgen.submit({ image, audio });
    const busy = await fails(vidgen.submit({ image, audio }), 'active_job_exists', /active job/);
    assert.equal(busy.activeJobId, jobId);
    await vidgen.cancel(jobId);
    await fails(vidgen.wait(jobId), 'job_cancelled', /cancelled/);
    const again = await vidgen.retry(jobId, { title: 'Again' });
    assert.deepEqual((await vidgen.job(again.jobId)).options, { title: 'Again' });
    await vidgen.cancel(again.jobId);
  });

  test('verifyWebhook takes what the worker signs and nothing else', async () => {
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const old = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
    const body = Buffer.from(JSON.stringify({ jobId: 'x', status: 'COMPLETED' }));
    const signed = (timestamp = new Date(), secrets = [secret]) =>
      signWebhook({ id: 'msg_1', timestamp, body, secrets });
    const headers = signed();
    assert.equal((await verifyWebhook(body, headers, secret)).status, 'COMPLETED');
    assert.equal(
      (await verifyWebhook(String(body), new Headers(headers), [old, secret])).jobId,
      'x',
    );
    const rotating = signed(undefined, [old, secret]);
    assert.equal((await verifyWebhook(body, rotating, [secret, old])).jobId, 'x');
    const { 'x-webhook-signature': hex = '', 'webhook-id': _, ...standard } = headers;
    assert.equal((await verifyWebhook(body, { 'X-Webhook-Signature': hex }, secret)).jobId, 'x');

    const bad: [string, typeof body, Record<string, string>, string?][] = [
      ['nothing', body, {}],
      ['another body', Buffer.from('{}'), headers],
      ['another secret', body, headers, old],
      ['no secret', body, headers, ''],
      ['no id', body, standard],
      ['no time', body, { ...headers, 'webhook-timestamp': '' }],
      ['an old one', body, signed(new Date(Date.now() - 400_000))],
      ['hex alone is wrong', body, { ...headers, 'x-webhook-signature': '00'.repeat(32) }],
      ['no hex', body, { 'x-webhook-signature': 'zz' }],
      ['no base64', body, { ...headers, 'webhook-signature': 'v1,***' }],
    ];
    for (const [what, bytes, given, other = secret] of bad)
      await fails(verifyWebhook(bytes, given, other), 'invalid_signature', /webhook/, what);
  });
});

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const refusal = (status: number, code: string, headers = {}) => ({
  status,
  headers: { 'Content-Type': 'application/json', ...headers },
  body: JSON.stringify({ error: `Refused: ${code}.`, code, requestId: 'r' }),
});

async function fails(
  promise: Promise<unknown>,
  code: string,
  message: RegExp,
  what = code,
): Promise<VidgenError> {
  const error: VidgenError = await promise.then(
    () => assert.fail(`${what}: it did not fail`),
    (error) => error,
  );
  assert.equal(error.code, code, `${what}: ${error.message}`);
  assert.match(error.message, message, what);
  return error;
}
