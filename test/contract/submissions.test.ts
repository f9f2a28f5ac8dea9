import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { type Contract, contractOf } from '../support/contract.ts';
import { suiteCleanup } from '../support/database.ts';
import { type FormFile, pngOf, wavOf } from '../support/multipart.ts';
import { type Key, type Service, startService } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';

type Created = { message: string; jobId: string };
type Fields = [string, FormFile | string][];

const image: [string, FormFile] = ['image', pngOf(2_000)];
const audio: [string, FormFile] = ['audio', wavOf(2_000)];

describe('section 3: POST /api/jobs', { concurrency: true }, () => {
  let service: Service;
  let call: Contract;
  const cleanup = suiteCleanup();
  before(async () => {
    service = await startService(cleanup);
    call = contractOf(service);
  });

  function formOf(fields: Fields): FormData {
    const form = new FormData();
    for (const [name, value] of fields) {
      if (typeof value === 'string') form.append(name, value);
      else form.append(name, new File([new Uint8Array(value.bytes)], value.name));
    }
    return form;
  }

  const submit = <Body = Record<string, string>>(
    key: Key | string | undefined,
    fields: Fields = [image, audio],
    headers: Record<string, string> = {},
  ) => call<Body>('/api/jobs', key, { method: 'POST', headers, body: formOf(fields) });

  /** What a key has: jobs, and files that belong to no job. */
  const kept = async (key: Key) => {
    const row = await service.db.first(sql<{ jobs: number; keys: number }>`
      select (select count(*)::int from vidgen.job where api_key_id = ${key.id}) as jobs,
        (select count(*)::int from vidgen.idempotency_key where api_key_id = ${key.id}) as keys`);
    return { ...row };
  };

  test('3.4 200 submissions at the same time with one key: one job, nothing left of the others', async () => {
    const busy = await service.createKey();
    // Their sizes tell them from the files of other tests.
    const inputs = await tinyInputs(123);
    const sizes = Object.values(inputs).map(({ size }) => size);
    const statuses = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const response = await service.submit(busy, inputs);
        await response.body?.cancel();
        return response.status;
      }),
    );
    assert.equal(statuses.filter((status) => status === 201).length, 1);
    assert.equal(statuses.filter((status) => status === 409).length, 199);
    const left = await service.db.first(sql<Record<string, number>>`
      select (select count(*)::int from vidgen.job where api_key_id = ${busy.id}) as jobs,
        (select count(*)::int from vidgen.blob where api_key_id = ${busy.id}) as files,
        (select count(*)::int from vidgen.blob where size = any (${sizes})) as stored`);
    assert.deepEqual({ ...left }, { jobs: 1, files: 2, stored: 2 });
  });

  test('3.1 each check comes before the next: 429, 401, 409, 400', async () => {
    const key = await service.createKey();
    assert.equal((await submit(key)).status, 201);
    const textBody = (as: string | Key | undefined, ip: string) =>
      call('/api/jobs', as, {
        method: 'POST',
        headers: { 'X-Test-Ip': ip, 'Content-Type': 'text/plain' },
        body: 'not a form',
      });
    await service.db.run(sql`
      insert into vidgen.rate_limit (client, policy, window_start, hits)
      values ('192.0.2.1', 'submissions', clock_timestamp(), 30)`);
    assert.equal((await textBody('vg_bad', '192.0.2.1')).status, 429);
    assert.equal((await textBody('vg_bad', '192.0.2.2')).status, 401);
    assert.equal((await textBody(key, '192.0.2.3')).status, 409);
    const free = await service.createKey();
    const refused = await textBody(free, '192.0.2.4');
    assert.equal(refused.status, 400);
    assert.equal(refused.body.code, 'not_multipart');
  });

  test('3.2 the bytes decide; what is wrong with a field is said with its name', async () => {
    const key = await service.createKey();
    const text: FormFile = { name: 'portrait.png', bytes: Buffer.from('only called a picture') };
    const empty: FormFile = { name: 'voice.wav', bytes: Buffer.alloc(0) };
    const cases: [number, string, Fields][] = [
      [415, 'image', [['image', text], audio]],
      [415, 'audio', [image, ['audio', pngOf(500)]]],
      [400, 'audio', [image, ['audio', empty]]],
      [400, 'image', [audio]],
      [400, 'audio', [image]],
      [400, 'image', [image, audio, image]],
      [400, 'audio', [image, ['audio', 'a text']]],
      [400, 'webhookUrl', [image, audio, ['webhookUrl', text]]],
    ];
    for (const [status, field, fields] of cases) {
      const { status: got, body } = await submit(key, fields);
      assert.equal(got, status, body.error);
      assert.equal(body.field, field, body.error);
      assert.ok(body.error?.includes(field), body.error);
    }
    const [, picture] = image;
    const misnamed: FormFile = { ...picture, name: 'notes.txt' };
    const accepted = await submit(key, [['note', 'x'], audio, ['image', misnamed], ['more', 'y']]);
    assert.equal(accepted.status, 201);
  });

  test('3.3 a webhookUrl is an absolute https URL to a public host', async () => {
    const key = await service.createKey();
    const refused = [
      'http://example.com/hook',
      'https:///hook',
      '/hook',
      'https://user:secret@example.com/hook',
      'https://127.0.0.1/hook',
      'https://10.1.2.3/hook',
      'https://169.254.169.254/latest',
      'https://[::1]/hook',
      'https://[fe80::1]/hook',
      'https://[::ffff:192.168.0.1]/hook',
      'https://localhost/hook',
      `https://example.com/${'x'.repeat(2_048)}`,
      `https://example.com/${'é'.repeat(1_000)}`,
      'https://example.com:25/hook',
      'https://example.com:22/hook',
    ];
    for (const webhookUrl of refused) {
      const { status, body } = await submit(key, [image, audio, ['webhookUrl', webhookUrl]]);
      assert.equal(status, 400, webhookUrl);
      assert.equal(body.code, 'invalid_webhook_url', webhookUrl);
      assert.equal(body.field, 'webhookUrl');
    }
    assert.deepEqual(await kept(key), { jobs: 0, keys: 0 });
    const untidy = 'HTTPS://Example.COM:443/a/../hook?for=m\u00e9#here';
    assert.equal((await submit(key, [['webhookUrl', untidy], image, audio])).status, 201);
    const list = await call<{ jobs: { webhookUrl: string }[] }>('/api/jobs', key);
    assert.equal(list.body.jobs[0]?.webhookUrl, 'https://example.com/hook?for=m%C3%A9');
  });

  test('3.2 a field that stands in the query is refused, because it would do nothing', async () => {
    const key = await service.createKey();
    const answer = await call('/api/jobs?webhook_url=https://example.com/', key, {
      method: 'POST',
    });
    assert.deepEqual([answer.status, answer.body.code], [400, 'unknown_parameter']);
    assert.match(answer.body.error ?? '', /webhookUrl as a field/);
  });

  test('3.4 one active job per key; the 409 names it, and its end makes room', async () => {
    const key = await service.createKey();
    const first = await submit<Created>(key);
    const second = await submit(key);
    assert.equal(second.status, 409);
    assert.equal(second.body.code, 'active_job_exists');
    assert.equal(second.body.activeJobId, first.body.jobId);
    await call(`/api/jobs/${first.body.jobId}`, key, { method: 'DELETE' });
    assert.equal((await submit(key)).status, 201);
  });

  test('3.6 what is refused on the way leaves nothing behind', async () => {
    const key = await service.createKey();
    const text: FormFile = { name: 'voice.wav', bytes: Buffer.from('only called a sound') };
    const big: [string, FormFile] = ['image', pngOf(3 * 256 * 1024)];
    assert.equal((await submit(key, [big, ['audio', text]])).status, 415);
    assert.deepEqual(await kept(key), { jobs: 0, keys: 0 });
    const files = await service.db.first(sql<{ orphans: number }>`
      select count(*)::int as orphans from vidgen.blob
      where job_id is null and size >= ${3 * 256 * 1024}`);
    assert.equal(files?.orphans, 0);
  });

  test('3.7 the same Idempotency-Key is the same job, before the body is read', async () => {
    const key = await service.createKey();
    const headers = { 'Idempotency-Key': 'order-17' };
    const first = await submit<Created>(key, undefined, headers);
    assert.equal(first.status, 201);
    assert.equal(first.headers.get('Idempotent-Replayed'), null);
    const replay = await call<Created>('/api/jobs', key, { method: 'POST', headers });
    assert.equal(replay.status, 201);
    assert.equal(replay.headers.get('Idempotent-Replayed'), 'true');
    assert.deepEqual(replay.body, first.body);
    // Another API key, another Idempotency-Key, or the same a day later make another submission.
    assert.equal((await submit(await service.createKey(), undefined, headers)).status, 201);
    await call(`/api/jobs/${first.body.jobId}`, key, { method: 'DELETE' });
    const cancelled = await submit<Created>(key, undefined, headers);
    assert.equal(cancelled.body.jobId, first.body.jobId);
    await service.db.run(sql`
      update vidgen.idempotency_key set created_at = now() - interval '25 hours'
      where api_key_id = ${key.id}`);
    const nextDay = await submit<Created>(key, undefined, headers);
    assert.equal(nextDay.status, 201);
    assert.equal(nextDay.headers.get('Idempotent-Replayed'), null);
    assert.notEqual(nextDay.body.jobId, first.body.jobId);
  });

  test('3.7 raced: twenty at once with one Idempotency-Key make one job', async () => {
    const key = await service.createKey();
    const headers = { 'Idempotency-Key': 'raced' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => submit<Created>(key, undefined, headers)),
    );
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201]));
    assert.equal(new Set(answers.map(({ body }) => body.jobId)).size, 1);
    const first = answers.filter(({ headers }) => !headers.has('Idempotent-Replayed'));
    assert.equal(first.length, 1);
    assert.deepEqual(await kept(key), { jobs: 1, keys: 1 });
  });

  test('3.7 an Idempotency-Key has 1 to 255 visible ASCII characters', async () => {
    const key = await service.createKey();
    for (const bad of ['', 'two words', 'k'.repeat(256), 'naïve']) {
      const { status, body } = await submit(key, undefined, { 'Idempotency-Key': bad });
      assert.equal(status, 400, bad);
      assert.equal(body.code, 'invalid_idempotency_key');
    }
    const longest = { 'Idempotency-Key': 'k'.repeat(255) };
    assert.equal((await submit(key, undefined, longest)).status, 201);
  });
});
