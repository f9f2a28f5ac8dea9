import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { request } from 'undici';
import { targetNames } from '../../src/video_options.ts';
import { type Contract, contractOf } from '../support/contract.ts';
import { suiteCleanup } from '../support/database.ts';
import { workerOn } from '../support/job_moves.ts';
import { pngOf, wavOf } from '../support/multipart.ts';
import { type Key, type Service, startService } from '../support/service.ts';
import { until } from '../support/until.ts';

type Job = {
  id: string;
  status: string;
  options: Record<string, unknown>;
  metadata?: Record<string, string>;
  queuePosition: number | null;
  estimatedSecondsLeft: number | null;
  attempts: { outcome: string | null }[];
  input: Record<string, Record<string, unknown> | null>;
  output: Record<string, unknown> | null;
  warnings: string[];
  checks: Record<string, unknown>[];
  links: Record<string, string | null>;
  outputVideo: string | null;
  outputShareLink: string | null;
  shareExpiresAt?: string;
};

const facts = {
  input: {
    image: { width: 640, height: 480 },
    audio: { codec: 'pcm_s16le', sampleRate: 8000, channels: 1, seconds: 1.5 },
  },
  warnings: ['The image is small.'],
  checks: [{ rule: 'length', wanted: '3 s', is: '1.5 s', ok: false, mend: 'Send more.' }],
};

const fileOf = ({ name, bytes }: ReturnType<typeof pngOf>) =>
  new File([new Uint8Array(bytes)], name);
const files = { image: fileOf(pngOf(2_000)), audio: fileOf(wavOf(3_000)) };

describe('section 9 and 10: the job, whole, and again', { concurrency: true }, () => {
  let service: Service;
  let call: Contract;
  let worker: Awaited<ReturnType<typeof workerOn>>;
  const cleanup = suiteCleanup();
  before(async () => {
    service = await startService(cleanup);
    call = contractOf(service);
    worker = await workerOn(service.db);
  });

  const submit = async (key: Key, fields: Record<string, string> = {}) => {
    const response = await service.submit(key, { ...files, ...fields });
    const { jobId } = (await response.json()) as { jobId: string };
    assert.equal(response.headers.get('Location'), `/api/jobs/${jobId}`);
    return jobId;
  };
  const get = async (key: Key, jobId: string) => (await call<Job>(`/api/jobs/${jobId}`, key)).body;
  const retry = (key: Key, jobId: string, init: RequestInit = {}) =>
    call(`/api/jobs/${jobId}/retry`, key, { method: 'POST', ...init });
  const json = (body: unknown): RequestInit => ({
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = (type: string, body: string) => ({ headers: { 'Content-Type': type }, body });
  const claim = (jobId: string) => worker.claim(jobId);
  const complete = async (jobId: string, key: Key) => {
    await worker.complete(jobId, service.url, 1, facts);
    return get(key, jobId);
  };

  test('a job has its options, its place and what is known of its files; then how it went', async () => {
    const key = await service.createKey();
    const fields = { target: 'x', loudness: '-14', metadata: '{"order":"17","a":"ü"}' };
    const jobId = await submit(key, fields);
    const pending = await get(key, jobId);
    assert.equal(pending.id, jobId);
    assert.deepEqual(pending.options, { target: 'x', loudness: -14 });
    assert.ok((pending.queuePosition ?? 0) >= 1);
    assert.deepEqual(pending.attempts, []);
    assert.equal(pending.input.audio?.type, 'audio/wav');
    assert.equal(pending.input.audio?.bytes, 3_000);
    assert.match(String(pending.input.image?.sha256), /^[0-9a-f]{64}$/);
    assert.equal(pending.input.image?.width, null);
    assert.equal(pending.input.captions, null);
    assert.equal(pending.output, null);
    assert.deepEqual([pending.warnings, pending.checks], [[], []]);
    assert.equal(pending.links.cancel, `${service.url}/api/jobs/${jobId}`);
    assert.equal(pending.links.retry, null);
    assert.equal(Object.keys(pending).at(-1), 'metadata');

    await claim(jobId);
    const running = await get(key, jobId);
    assert.equal(running.queuePosition, null);
    assert.deepEqual(
      running.attempts.map(({ outcome }) => outcome),
      [null],
    );

    const done = await complete(jobId, key);
    assert.equal(done.input.image?.width, 640);
    assert.equal(done.input.audio?.codec, 'pcm_s16le');
    assert.equal(done.output?.seconds, 1.5);
    assert.equal(done.output?.realTimeFactor, 3);
    assert.match(String(done.output?.poster), /\/poster\.jpg$/);
    assert.ok(Date.parse(String(done.output?.expiresAt)) > Date.now());
    assert.deepEqual(done.warnings, facts.warnings);
    assert.deepEqual(done.checks, facts.checks);
    assert.deepEqual(Object.keys(done.checks[0] ?? {}), ['rule', 'wanted', 'is', 'ok', 'mend']);
    assert.equal(done.links.share, done.output?.shareLink);
    assert.equal(done.estimatedSecondsLeft, null);
    assert.deepEqual(done.metadata, { order: '17', a: 'ü' });
  });

  test('what was seen of the files stays when they have expired', async () => {
    const key = await service.createKey();
    const jobId = await submit(key);
    await claim(jobId);
    const before = await complete(jobId, key);
    await service.db.run(sql`delete from vidgen.blob where job_id = ${jobId}`);
    await service.db.run(sql`update vidgen.job set media_expired_at = now() where id = ${jobId}`);
    const after = await get(key, jobId);
    assert.deepEqual(after.input, before.input);
    assert.equal(after.input.audio?.bytes, 3_000);
    assert.equal(after.output, null);
  });

  test('an unknown job and someone else’s are a 404', async () => {
    const jobId = await submit(await service.createKey());
    const stranger = await service.createKey();
    for (const id of [jobId, `c${'0'.repeat(24)}`, 'nonsense']) {
      assert.equal((await call(`/api/jobs/${id}`, stranger)).status, 404);
      assert.equal((await retry(stranger, id)).status, 404);
    }
  });

  test('the time that is left comes from how long others of its length and kind took', async (t) => {
    const { createKey, ...alone } = await startService(t);
    const [key, next, moving] = [await createKey(), await createKey(), await createKey()];
    // Ten of each: as long, ten times as long, and moving.
    await alone.db.run(sql`
      insert into vidgen.job (api_key_id, status, progress, share_token, started_at, finished_at, options, facts)
      select ${key.id}, 'COMPLETED', 100, 'share' || n || took, now() - interval '1 second' * took, now(),
        options::jsonb, jsonb_build_object('input', jsonb_build_object('audio',
          jsonb_build_object('bytes', bytes, 'type', 'audio/wav')))
      from generate_series(1, 10) n, (values (40, 3000, '{}'), (400, 30000, '{}'), (70, 3000, '{"waveform":"bars"}'))
        kind (took, bytes, options)`);
    const submitted = async (of: Key, fields = {}) => {
      const { jobId } = (await (await alone.submit(of, { ...files, ...fields })).json()) as Job & {
        jobId: string;
      };
      return jobId;
    };
    const left = async (of: Key, id: string) => {
      const job = (await (await alone.call(`/api/jobs/${id}`, of)).json()) as Job;
      return [job.queuePosition, job.estimatedSecondsLeft];
    };
    const jobId = await submitted(key);
    const nextId = await submitted(next);
    const movingId = await submitted(moving, { waveform: 'bars' });
    assert.deepEqual(await left(key, jobId), [1, 40]);
    assert.deepEqual(await left(next, nextId), [2, 80], 'after the one ahead');
    assert.deepEqual(await left(moving, movingId), [1, 70], 'in slots of its own');
    const worker = await workerOn(alone.db);
    await worker.claim(jobId);
    await worker.progress(jobId, 50);
    assert.deepEqual(await left(key, jobId), [null, 20]);
    assert.deepEqual(await left(next, nextId), [1, 60]);
  });

  test('status, list and job are 304 to those who have them, and compressed to those who take it', async () => {
    const key = await service.createKey();
    const jobId = await submit(key);
    const get = async (path: string, headers: Record<string, string> = {}) => {
      // Node's own client, because fetch decompresses and says nothing of it.
      const answer = await request(`${service.url}${path}`, {
        headers: { 'x-api-key': key.apiKey, 'x-test-ip': key.id, ...headers },
      });
      return { ...answer, bytes: Buffer.from(await answer.body.arrayBuffer()) };
    };
    const paths = [`/api/status/${jobId}`, '/api/jobs', `/api/jobs/${jobId}`];
    const before = await Promise.all(paths.map((path) => get(path)));
    // A job that waits changes with those before it, so it may have just then.
    for (const path of paths)
      await until(`${path} is unchanged`, async () => {
        const etag = String((await get(path)).headers.etag);
        assert.match(etag, /^"[\w-]+"$/);
        const same = await get(path, { 'if-none-match': `"other", W/${etag}` });
        if (same.statusCode !== 304) return false;
        assert.deepEqual([same.bytes.length, same.headers.etag], [0, etag]);
        return same.headers['ratelimit-remaining'] !== undefined;
      });
    await claim(jobId);
    for (const [i, path] of paths.entries()) {
      const changed = await get(path, { 'if-none-match': String(before[i]?.headers.etag) });
      assert.deepEqual([changed.statusCode, changed.bytes.length > 0], [200, true], path);
    }

    await service.db.run(sql`
      insert into vidgen.job (api_key_id, status, finished_at)
      select ${key.id}, 'CANCELLED', now() from generate_series(1, 30)`);
    const plain = await get('/api/jobs');
    assert.deepEqual(
      [plain.headers['content-encoding'], plain.headers.vary],
      [undefined, 'Accept-Encoding'],
    );
    const zipped = await get('/api/jobs', { 'accept-encoding': 'gzip, deflate, br' });
    assert.equal(zipped.headers['content-encoding'], 'gzip');
    assert.equal(zipped.headers.vary, 'Accept-Encoding');
    assert.notEqual(zipped.headers.etag, plain.headers.etag);
    assert.ok(gunzipSync(zipped.bytes).equals(plain.bytes));
    assert.ok(zipped.bytes.length * 5 < plain.bytes.length);
    const short = await get(`/api/status/${jobId}`, { 'accept-encoding': 'gzip' });
    assert.deepEqual(
      [short.headers['content-encoding'], short.headers.vary],
      [undefined, undefined],
    );
  });

  test('metadata is the last key of each answer about the job, and in none without it', async () => {
    const key = await service.createKey();
    const jobId = await submit(key, { metadata: '{ "order" : "17" }' });
    const texts = await Promise.all(
      [`/api/status/${jobId}`, '/api/jobs', `/api/jobs/${jobId}`].map(async (path) =>
        (await service.call(path, key)).text(),
      ),
    );
    for (const text of texts) assert.match(text, /,"metadata":\{"order":"17"\}\}(\]|$)/);
    await claim(jobId);
    await worker.fail(jobId, 'It failed.');
    await submit(key);
    const plain = await service.call('/api/jobs?limit=1', key);
    assert.doesNotMatch(await plain.text(), /metadata/);
  });

  test('lists are filtered by metadata, page after page', async () => {
    const key = await service.createKey();
    const other = await service.createKey();
    for (const [owner, shop, count] of [
      [key, 'a', 5],
      [key, 'b', 3],
      [other, 'a', 2],
    ] as const) {
      await service.db.run(sql`
        insert into vidgen.job (api_key_id, status, finished_at, metadata)
        select ${owner.id}, 'CANCELLED', now(), jsonb_build_object('shop', ${shop}::text, 'n', n::text)
        from generate_series(1, ${count}::int) n`);
    }
    const list = (query: string) =>
      call<{ jobs: Job[]; pagination: { nextCursor: string | null } }>(`/api/jobs?${query}`, key);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Awaited<ReturnType<typeof list>> = await list(
        `metadata.shop=a&limit=2${cursor && `&cursor=${cursor}`}`,
      );
      for (const job of page.body.jobs) assert.equal(job.metadata?.shop, 'a');
      seen.push(...page.body.jobs.map(({ id }) => id));
      cursor = page.body.pagination.nextCursor;
    }
    assert.equal(seen.length, 5);
    assert.deepEqual(seen, seen.toSorted().reverse());
    assert.equal((await list('metadata.shop=b&metadata.n=2')).body.jobs.length, 1);
    assert.equal((await list('metadata.shop=a&status=FAILED')).body.jobs.length, 0);
    assert.equal((await list('metadata.shop=c')).body.jobs.length, 0);
    for (const bad of ['metadata.=x', 'metadata.a=1&metadata.a=2', 'metadata.a=%00'])
      assert.equal((await list(bad)).status, 400, bad);
    for (const near of ['metadata[shop]=a', 'Metadata.shop=a', 'meta.shop=a', 'metadata_shop=a']) {
      const { status, body } = await list(near);
      assert.equal(status, 400, near);
      assert.match((body as unknown as { error: string }).error, /Did you mean metadata\.shop\?$/);
    }
    const keyless = (await list('metadata=a')).body as unknown as { error: string };
    assert.match(keyless.error, /Did you mean metadata\.KEY\?$/);
  });

  test('10.2 a retry makes a new job of the files, with the options of the old one or with others', async () => {
    const key = await service.createKey();
    const hook = 'https://example.com/hook';
    const first = await submit(key, {
      ...{ fit: 'cover', title: 'One', metadata: '{"order":"17"}', webhookUrl: hook },
    });
    const early = await retry(key, first);
    assert.deepEqual([early.status, early.body.code], [409, 'job_not_retryable']);
    await claim(first);
    await worker.fail(first, 'It failed.');
    const second = await retry(key, first, json({ title: 'Two', resolution: '720p' }));
    assert.equal(second.status, 201, second.body.error);
    assert.equal(second.headers.get('Location'), `/api/jobs/${second.body.jobId}`);
    const job = await get(key, second.body.jobId ?? '');
    assert.deepEqual(job.options, { fit: 'cover', title: 'Two', resolution: '720p' });
    assert.deepEqual(job.metadata, { order: '17' });
    assert.equal((job as unknown as { webhookUrl: string }).webhookUrl, hook);
    assert.equal(job.input.audio?.bytes, 3_000);
    assert.equal((await get(key, first)).status, 'FAILED');

    const busy = await retry(key, first);
    assert.deepEqual([busy.status, busy.body.code], [409, 'active_job_exists']);
    assert.equal(busy.body.activeJobId, second.body.jobId);
    await call(`/api/jobs/${second.body.jobId}`, key, { method: 'DELETE' });
    const gone = await retry(key, first);
    assert.deepEqual([gone.status, gone.body.code], [409, 'inputs_gone']);
    assert.equal((await get(key, first)).links.retry, null);
    assert.match((await get(key, second.body.jobId ?? '')).links.retry ?? '', /\/retry$/);
    const form = new FormData();
    form.append('fit', 'blur');
    const third = await retry(key, second.body.jobId ?? '', { body: form });
    assert.equal((await get(key, third.body.jobId ?? '')).options.fit, 'blur');
    assert.equal((await get(key, third.body.jobId ?? '')).options.title, 'Two');
  });

  test('a bad retry is refused, and changes nothing', async () => {
    const key = await service.createKey();
    const jobId = await submit(key);
    await call(`/api/jobs/${jobId}`, key, { method: 'DELETE' });
    const bad: [RequestInit, status: number, code: string][] = [
      [json({ fit: 'stretch' }), 400, 'invalid_option'],
      [json({ Fit: 'cover' }), 400, 'unknown_field'],
      [json({ metadata: { a: 1 } }), 400, 'invalid_option'],
      [json({ imageUrl: 'https://a.example/a.png' }), 400, 'unknown_field'],
      [json({ webhook_url: 'https://a.example/' }), 400, 'unknown_field'],
      [json([1]), 400, 'invalid_json'],
      [text('application/json', '{'), 400, 'invalid_json'],
      [text('text/plain', 'fit=cover'), 415, 'unsupported_media_type'],
      [json({ note: 'x'.repeat(70_000) }), 413, 'body_too_large'],
    ];
    for (const [init, status, code] of bad) {
      const answer = await retry(key, jobId, init);
      assert.deepEqual([answer.status, answer.body.code], [status, code], answer.body.error);
    }
    assert.equal((await call<{ jobs: Job[] }>('/api/jobs', key)).body.jobs.length, 1);
    const form = text(
      'application/x-www-form-urlencoded',
      'fit=cover&metadata=%7B%22a%22%3A%22b%22%7D',
    );
    const made = await retry(key, jobId, form);
    const job = await get(key, made.body.jobId ?? '');
    assert.deepEqual([job.options, job.metadata], [{ fit: 'cover' }, { a: 'b' }]);
  });

  test('an owner takes a video down: it is gone for everybody, the job stays; twice, and at the same time', async () => {
    const [key, stranger] = [await service.createKey(), await service.createKey()];
    const jobId = await submit(key);
    const remove = (as: Key, id = jobId) => call(`/api/jobs/${id}/video`, as, { method: 'DELETE' });
    const early = await remove(key);
    assert.deepEqual([early.status, early.body.code], [409, 'no_video']);
    await claim(jobId);
    const { output, links } = await complete(jobId, key);
    const seen = async () =>
      Promise.all(
        [output?.video, output?.poster, links.share].map(
          async (url) => (await fetch(String(url))).status,
        ),
      );
    assert.deepEqual(await seen(), [200, 200, 200]);
    assert.equal((await remove(stranger)).status, 404);
    const both = await Promise.all([remove(key), remove(key)]);
    assert.deepEqual(
      both.map(({ status, body }) => [status, body]),
      Array(2).fill([200, { success: true, message: 'Video deleted successfully' }]),
    );
    assert.deepEqual(await seen(), [410, 410, 410]);
    const { body } = await call<{ status: string; outputVideo: null; outputShareLink: null }>(
      `/api/status/${jobId}`,
      key,
    );
    assert.deepEqual(
      [body.status, body.outputVideo, body.outputShareLink],
      ['COMPLETED', null, null],
    );
    const kinds = await service.db.run(
      sql<{ kind: string }>`select kind from vidgen.blob where job_id = ${jobId} order by kind`,
    );
    assert.deepEqual(
      kinds.map(({ kind }) => kind),
      ['audio', 'image'],
    );
  });

  test('an owner ends the sharing and opens it again; twice, at the same time, by whoever else, wrongly', async () => {
    const [key, stranger] = [await service.createKey(), await service.createKey()];
    const jobId = await submit(key);
    const update = async (as: Key, body: unknown, id = jobId) => {
      const options = { method: 'PATCH', ...json(body) };
      return call<Job & { code?: string; error?: string }>(`/api/jobs/${id}`, as, options);
    };
    const never = await update(key, { shareExpiresAt: null });
    assert.equal(never.status, 200);
    assert.ok(!('shareExpiresAt' in never.body), 'as if nothing had been said');
    // Set before the video is there, with another zone.
    const soon = new Date(Date.now() + 90_000);
    const zoned = soon.toISOString().replace('Z', '+00:00');
    const early = await update(key, { shareExpiresAt: zoned });
    assert.equal(early.body.shareExpiresAt, soon.toISOString());
    await claim(jobId);
    const { output, links } = await complete(jobId, key);
    const urls = [output?.video, output?.poster, links.share].map(String);
    const seen = async () => Promise.all(urls.map(async (url) => (await fetch(url)).status));
    assert.deepEqual(await seen(), [200, 200, 200]);
    const cached = /max-age=(\d+)/.exec(
      (await fetch(urls[0] ?? '')).headers.get('cache-control') ?? '',
    );
    assert.ok(Number(cached?.[1]) <= 90, 'caches know the end too');

    const past = { shareExpiresAt: '2020-01-01T00:00:00Z' };
    assert.deepEqual(
      [
        (await update(stranger, past)).status,
        (await update(key, past, `c${'0'.repeat(24)}`)).status,
      ],
      [404, 404],
    );
    const ended = await Promise.all([update(key, past), update(key, past)]);
    for (const { status, body } of ended)
      assert.deepEqual(
        [status, body.shareExpiresAt, body.output, body.outputVideo, body.links.share],
        [200, '2020-01-01T00:00:00.000Z', null, null, null],
      );
    assert.deepEqual(await seen(), [410, 410, 410]);
    assert.match(await (await fetch(urls[0] ?? '')).text(), /owner of this video has ended/);
    const status = await call<Job>(`/api/status/${jobId}`, key);
    assert.deepEqual([status.body.status, status.body.outputShareLink], ['COMPLETED', null]);
    const listed = await call<{ jobs: Job[] }>('/api/jobs', key);
    assert.equal(listed.body.jobs[0]?.outputVideo, null);
    const again = await update(key, { shareExpiresAt: null });
    assert.equal(again.body.output?.video, urls[0]);
    assert.deepEqual(await seen(), [200, 200, 200]);

    const refused: [unknown, string, RegExp][] = [
      [{}, 'missing_field', /"shareExpiresAt" is missing. Send a time, or null/],
      [{ shareExpiresAt: ' ' }, 'missing_field', /is missing/],
      [{ shareExpiresAt: 'tomorrow' }, 'invalid_option', /must be a time with its zone from 1970/],
      [{ shareExpiresAt: '2026-12-24T18:00:00' }, 'invalid_option', /its zone/],
      [{ shareExpiresAt: '0000-01-01T00:00:00Z' }, 'invalid_option', /from 1970/],
      [{ shareExpiresAt: 17 }, 'invalid_option', /or null/],
      [{ share_expires_at: null }, 'unknown_field', /Did you mean shareExpiresAt/],
      [[], 'invalid_json', /must be an object/],
    ];
    for (const [body, code, message] of refused) {
      const answer = await update(key, body);
      assert.deepEqual([answer.status, answer.body.code], [400, code], JSON.stringify(body));
      assert.match(answer.body.error ?? '', message);
    }
    const other = await submit(key);
    await call(`/api/jobs/${other}`, key, { method: 'DELETE' });
    const cancelled = await update(key, past, other);
    assert.deepEqual([cancelled.status, cancelled.body.code], [409, 'no_video']);
    const form = text('application/x-www-form-urlencoded', 'shareExpiresAt=2020-01-01T00:00:00Z');
    assert.equal((await call(`/api/jobs/${jobId}`, key, { method: 'PATCH', ...form })).status, 200);
  });

  test('two retries at the same time make one job', async () => {
    const key = await service.createKey();
    const jobId = await submit(key);
    await call(`/api/jobs/${jobId}`, key, { method: 'DELETE' });
    const both = await Promise.all([retry(key, jobId), retry(key, jobId)]);
    assert.deepEqual(both.map(({ status }) => status).sort(), [201, 409]);
  });

  test('a worker that does not know the options of a job leaves it to one that does', async () => {
    const key = await service.createKey();
    const jobId = await submit(key, { fit: 'cover' });
    assert.deepEqual(await worker.claim(jobId, 0), undefined);
    assert.equal((await get(key, jobId)).status, 'PENDING');
    const queued = await service.db.run(
      sql`select from graphile_worker.jobs 
        where key = ${`render:${jobId}`} and run_at >= created_at + interval '2 seconds'`,
    );
    assert.equal(queued.length, 1, 'it waits in the queue');
    assert.equal((await worker.claim(jobId))?.attempt, 1);
    const plain = await submit(await service.createKey());
    assert.equal((await worker.claim(plain, 0))?.attempt, 1);
  });
  test('targets are listed without a key, each rule with its source', async () => {
    const { status, body } = await call<{ targets: { name: string; rules: unknown[] }[] }>(
      '/api/targets',
    );
    assert.equal(status, 200);
    assert.deepEqual(
      body.targets.map(({ name }) => name),
      [...targetNames],
    );
    for (const { rules } of body.targets) assert.ok(rules.length > 0);
  });
});
