import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { type Contract, contractOf } from '../support/contract.ts';
import { suiteCleanup } from '../support/database.ts';
import { multipart, pngOf, wavOf } from '../support/multipart.ts';
import { type Key, type Service, startService } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';
import { until } from '../support/until.ts';

type Created = { message: string; jobId: string; field?: string; code?: string; error?: string };

describe('8.1 POST /api/jobs by address', { concurrency: true }, () => {
  let service: Service;
  let call: Contract;
  let files: Server;
  let at: string;
  let imageBytes: number;
  const asked: string[] = [];
  /** Answers that begin and do not end. */
  const slow = new Set<ServerResponse>();
  const slowFetches = (bytes: number) => [
    { field: 'audioUrl', status: 'fetching', bytes: 0, totalBytes: 50_000 },
    { field: 'imageUrl', status: 'fetched', bytes, totalBytes: bytes },
  ];
  const cleanup = suiteCleanup();
  before(async () => {
    const { image, audio } = await tinyInputs();
    const bodies: Record<string, Buffer> = {
      '/image': Buffer.from(await image.arrayBuffer()),
      '/audio': Buffer.from(await audio.arrayBuffer()),
    };
    imageBytes = bodies['/image']?.length ?? 0;
    files = createServer((request, response) => {
      const path = request.url ?? '';
      asked.push(path);
      if (path === '/slow') {
        slow.add(response);
        response.on('close', () => slow.delete(response));
        response
          .writeHead(200, { 'Content-Length': '50000' })
          .write(bodies['/audio']?.subarray(0, 100));
        return;
      }
      const body = bodies[path.split('?')[0] ?? ''];
      response.writeHead(body ? 200 : 404).end(body);
    });
    await once(files.listen(0, '127.0.0.1'), 'listening');
    at = `http://127.0.0.1:${(files.address() as AddressInfo).port}`;
    const env = { FETCH_ALLOW_CIDRS: '127.0.0.0/8', RENDER_CONCURRENCY: '2' };
    service = await startService(cleanup, { worker: true, env });
    call = contractOf(service);
  });
  after(() => files.close());

  const post = (key: Key, body: string | Uint8Array, type = 'application/json') =>
    call<Created>('/api/jobs', key, {
      method: 'POST',
      headers: { 'Content-Type': type },
      body: body as Uint8Array<ArrayBuffer>,
    });
  const postJson = (key: Key, body: unknown) => post(key, JSON.stringify(body));

  test('JSON with two addresses becomes a video, with its files stored like uploads', async () => {
    const key = await service.createKey();
    const options = {
      title: 'By address',
      // A name that every object has.
      metadata: { order: '17', toString: 'x' },
      webhookUrl: '',
      captions: null,
    };
    const { status, body } = await postJson(key, {
      imageUrl: ` ${at}/image `,
      audioUrl: `${at}/audio`,
      ...options,
    });
    assert.equal(status, 201, body.error);
    await service.until(key, body.jobId, 'COMPLETED');
    const kinds = await service.db.run(sql<{ kind: string; type: string }>`
      select kind, content_type as type from vidgen.blob
      where job_id = ${body.jobId} and kind in ('image', 'audio') order by kind`);
    assert.deepEqual(
      kinds.map(({ kind, type }) => [kind, type]),
      [
        ['audio', 'audio/wav'],
        ['image', 'image/png'],
      ],
    );
  });

  test('a form takes an address in place of a file, and what HTML sends where none was chosen', async () => {
    const key = await service.createKey();
    const { audio } = await tinyInputs();
    const bytes = new Uint8Array(await audio.arrayBuffer());
    const form = multipart({
      image: { name: '', bytes: new Uint8Array() },
      imageUrl: `${at}/image`,
      audio: { name: 'a.wav', bytes },
      audioUrl: '',
    });
    const { status, body } = await post(key, form.body, form.contentType);
    assert.equal(status, 201, body.error);
    await service.until(key, body.jobId, 'COMPLETED');
  });

  test('8.3 what cannot be fetched ends FAILED with a sentence, and can be retried', async () => {
    const key = await service.createKey();
    const { body } = await postJson(key, {
      imageUrl: `${at}/image?8.3`,
      audioUrl: `${at}/gone?8.3`,
    });
    const failed = await service.until(key, body.jobId, 'FAILED');
    assert.match(
      failed.errorMessage ?? '',
      /^audioUrl cannot be fetched: 127\.0\.0\.1 answered 404: there is no file/,
    );
    const whole = await call<{ attempts: unknown[] }>(`/api/jobs/${body.jobId}`, key);
    assert.deepEqual(whole.body.attempts, [], 'it was never rendered');
    // The picture was stored: the job made of this one asks for the sound alone.
    const again = await service.db.first(
      sql<{ id: string }>`select admin.retry_job(${body.jobId}) as id`,
    );
    await service.until(key, again?.id ?? '', 'FAILED');
    assert.deepEqual(asked.filter((path) => path.includes('8.3')).sort(), [
      '/gone?8.3',
      '/gone?8.3',
      '/image?8.3',
    ]);
  });

  test('slow servers keep no render waiting; the job says what is fetched, and can be cancelled', async () => {
    type Fetches = { fetches: { field: string; status: string; bytes: number }[] };
    const jobs: [Key, string][] = [];
    // As many as the worker has slots for renders.
    for (let i = 0; i < 2; i++) {
      const key = await service.createKey();
      const { body } = await postJson(key, { imageUrl: `${at}/image`, audioUrl: `${at}/slow` });
      jobs.push([key, body.jobId]);
    }
    for (const [key, jobId] of jobs) {
      await until('the sound is being fetched', async () => {
        const { body } = await call<Fetches>(`/api/jobs/${jobId}`, key);
        return JSON.stringify(body.fetches) === JSON.stringify(slowFetches(imageBytes));
      });
    }
    const plain = await service.createKey();
    const answer = await service.submit(plain, await tinyInputs());
    const { jobId } = (await answer.json()) as Created;
    await service.until(plain, jobId, 'COMPLETED');
    const queue = await service.db.first<{ running: number }>(sql`
      select running::integer from admin.queue where task = 'fetch_input'`);
    // Other tests may be fetching too.
    assert.ok((queue?.running ?? 0) >= 2);
    for (const [key, id] of jobs) {
      assert.equal((await service.call(`/api/jobs/${id}`, key, { method: 'DELETE' })).status, 200);
    }
    await until('the worker has let go of the server', () => slow.size === 0);
    await until('the queue is empty', async () => {
      const [row] = await service.db.run(
        sql`select from graphile_worker.jobs where task_identifier = 'fetch_input'`,
      );
      return !row;
    });
  });

  test('bad JSON and bad addresses are refused with field and sentence, and leave nothing', async () => {
    const key = await service.createKey();
    const good = { imageUrl: `${at}/image`, audioUrl: `${at}/audio` };
    const nested = `${'['.repeat(1_000)}${']'.repeat(1_000)}`;
    const texts: [string, string | Uint8Array, string][] = [
      ['empty', '', 'body'],
      ['no JSON', '{"imageUrl":', 'body'],
      ['an array', '[]', 'body'],
      ['a string', '"x"', 'body'],
      ['null', 'null', 'body'],
      ['nested 1,000 deep', `{"imageUrl":${nested}}`, 'body'],
      ['2 MB', JSON.stringify({ ...good, note: 'x'.repeat(2 * 1024 * 1024) }), 'body'],
      ['not UTF-8', Buffer.from('{"imageUrl":"\xff"}', 'latin1'), 'body'],
      ['UTF-16', Buffer.from(JSON.stringify(good), 'utf16le'), 'body'],
      [
        'a key twice',
        '{"imageUrl":"https://a.example/","imageU\\u0072l":"https://b.example/"}',
        'imageUrl',
      ],
      ['a key twice within metadata', '{"metadata":{"a":"1","a":"2"}}', 'a'],
    ];
    const values: [Record<string, unknown>, string][] = [
      [{ ...good, imageUrl: 5 }, 'imageUrl'],
      [{ ...good, imageUrl: ['https://a.example/'] }, 'imageUrl'],
      [{ ...good, imageUrl: { url: 'https://a.example/' } }, 'imageUrl'],
      [{ ...good, imageUrl: true }, 'imageUrl'],
      [{ ...good, imageUrl: 'https://a.example/\0' }, 'imageUrl'],
      [{ ...good, imageUrl: 'https://a.example/a b.png' }, 'imageUrl'],
      [{ ...good, imageUrl: 'https://user:secret@a.example/' }, 'imageUrl'],
      [{ ...good, imageUrl: 'https://a.example/#key' }, 'imageUrl'],
      [{ ...good, imageUrl: 'https://a.example:22/' }, 'imageUrl'],
      [{ ...good, imageUrl: 'https://a.example:0/' }, 'imageUrl'],
      [{ ...good, imageUrl: 'https://xn--a.example/' }, 'imageUrl'],
      [{ ...good, imageUrl: 'https://a.example:99999/' }, 'imageUrl'],
      [{ ...good, imageUrl: 'ftp://a.example/' }, 'imageUrl'],
      [{ ...good, imageUrl: 'file:///etc/passwd' }, 'imageUrl'],
      [{ ...good, imageUrl: '//a.example/' }, 'imageUrl'],
      [{ ...good, imageUrl: 'http://169.254.169.254/latest' }, 'imageUrl'],
      [{ ...good, imageUrl: `https://a.example/${'x'.repeat(2_048)}` }, 'imageUrl'],
      [{ ...good, image: 'x' }, 'image'],
      [{ imageUrl: good.imageUrl }, 'audio'],
      [{ ...good, audioUrl: ' ' }, 'audio'],
      [{ ...good, webhookUrl: 'http://a.example/' }, 'webhookUrl'],
      [{ ...good, webhookUrl: 7 }, 'webhookUrl'],
      [{ ...good, captions: 7 }, 'captions'],
      [
        { ...good, captions: '1\n00:00:00,000 --> 00:00:01,000\nA', captionsUrl: `${at}/c` },
        'captionsUrl',
      ],
      [{ ...good, aspectRatio: '7:5' }, 'aspectRatio'],
      [{ ...good, title: 5 }, 'title'],
      [{ ...good, metadata: { a: 1 } }, 'metadata'],
      [{ ...good, image_url: 'https://a.example/' }, 'image_url'],
    ];
    const cases = [
      ...texts,
      ...values.map(
        ([value, field]) =>
          [JSON.stringify(value).slice(0, 90), JSON.stringify(value), field] as const,
      ),
    ];
    for (const [what, text, field] of cases) {
      const { status, body } = await post(key, text);
      assert.equal(status, 400, `${what}: ${status}`);
      assert.equal(body.field, field, `${what}: ${body.error}`);
      assert.ok((body.error ?? '').length > 20, what);
    }
    const both = multipart({ image: pngOf(500), imageUrl: `${at}/image`, audio: wavOf(500) });
    const refused = await post(key, both.body, both.contentType);
    assert.deepEqual([refused.status, refused.body.code], [400, 'both_file_and_url']);
    const left = await service.db.first(sql<{ jobs: number }>`
      select count(*)::int as jobs from vidgen.job where api_key_id = ${key.id}`);
    assert.equal(left?.jobs, 0);
    // An internationalized host name and an explicit port are accepted.
    const fine = await postJson(key, {
      ...good,
      imageUrl: 'https://bücher.invalid:8443/a%20b.png?x=1',
    });
    assert.equal(fine.status, 201, fine.body.error);
  });
});
