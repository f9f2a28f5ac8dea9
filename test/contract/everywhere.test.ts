import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { type Contract, contractOf } from '../support/contract.ts';
import { suiteCleanup } from '../support/database.ts';
import { createJob, type Key, type Service, startService } from '../support/service.ts';

const unknownId = `c${'0'.repeat(24)}`;

describe('section 1: everywhere', { concurrency: true }, () => {
  let service: Service;
  let call: Contract;
  let key: Key;
  const cleanup = suiteCleanup();
  before(async () => {
    service = await startService(cleanup);
    call = contractOf(service);
    key = await service.createKey();
  });

  test('1.1 every request but health needs a key: missing and unknown are two messages', async () => {
    assert.equal((await call('/api/health')).status, 200);
    const protectedOnes: [string, string][] = [
      ['POST', '/api/jobs'],
      ['GET', '/api/jobs'],
      ['GET', `/api/status/${unknownId}`],
      ['GET', `/api/jobs/${unknownId}/events`],
      ['DELETE', `/api/jobs/${unknownId}`],
    ];
    for (const [method, path] of protectedOnes) {
      const missing = await call(path, undefined, { method });
      assert.equal(missing.status, 401);
      assert.equal(missing.body.code, 'api_key_missing');
      const unknown = await call(path, 'vg_nobody', { method });
      assert.equal(unknown.status, 401);
      assert.equal(unknown.body.code, 'api_key_unknown');
      assert.notEqual(missing.body.error, unknown.body.error);
    }
  });

  test('1.1 a key is taken as a bearer token too; two that differ are refused', async () => {
    const as = (headers: Record<string, string>) => call('/api/jobs', undefined, { headers });
    const bearer = `Bearer ${key.apiKey}`;
    assert.equal((await as({ Authorization: bearer })).status, 200);
    assert.equal((await as({ Authorization: bearer, 'X-API-Key': key.apiKey })).status, 200);
    // A proxy's absolute-form request is not for this service.
    assert.equal((await as({ Authorization: 'Basic YTpi', 'X-API-Key': key.apiKey })).status, 200);
    for (const path of ['/api/jobs', `/api/status/${unknownId}`]) {
      const headers = { Authorization: 'Bearer vg_other', 'X-API-Key': key.apiKey };
      const both = await call(path, undefined, { headers });
      assert.deepEqual([both.status, both.body.code], [400, 'two_api_keys']);
    }
    const unknown = await as({ Authorization: 'Bearer vg_nobody' });
    assert.equal(unknown.status, 401);
    assert.match(unknown.headers.get('WWW-Authenticate') ?? '', /^Bearer .*error="invalid_token"/);
    const missing = await as({ Authorization: 'Basic YTpi' });
    assert.equal(missing.body.code, 'api_key_missing');
    assert.match(missing.headers.get('WWW-Authenticate') ?? '', /^Bearer realm=/);
  });

  test('1.2 errors are JSON with error, code and the id that the header bears', async () => {
    // Every call checks the shape; this test checks it for paths without a route.
    for (const path of ['/api', '/api/', '/api/nothing', '/api/jobs/', '/api/status', '/nowhere']) {
      const answer = await call(path, key);
      assert.equal(answer.status, 404, path);
      assert.equal(answer.body.code, 'not_found', path);
      assert.match(answer.body.requestId ?? '', /^[0-9a-f-]{36}$/);
    }
  });

  test('1.3 statuses: 400, 401, 404, 409 and their codes', async () => {
    const other = await service.createKey();
    const jobId = await createJob(service.db, other.id);
    const cases: [number, string, string, string, Key | string][] = [
      [400, 'invalid_query', 'GET', '/api/jobs?limit=0', key],
      [400, 'invalid_query', 'GET', `/api/status/${jobId}?wait=61`, key],
      [401, 'api_key_unknown', 'GET', '/api/jobs?limit=0', 'vg_nobody'],
      [404, 'job_not_found', 'GET', `/api/status/${unknownId}`, key],
      [404, 'job_not_found', 'GET', `/api/status/${jobId}`, key],
      [404, 'job_not_found', 'GET', `/api/jobs/${jobId}/events`, key],
      [404, 'job_not_found', 'DELETE', `/api/jobs/${jobId}`, key],
      [409, 'active_job_exists', 'POST', '/api/jobs', other],
    ];
    for (const [status, code, method, path, as] of cases) {
      const answer = await call(path, as, { method });
      assert.equal(answer.status, status, path);
      assert.equal(answer.body.code, code, path);
    }
    await service.db.run(sql`select api.cancel_job(${other.id}, ${jobId})`);
    const ended = await call(`/api/jobs/${jobId}`, other, { method: 'DELETE' });
    assert.equal(ended.status, 409);
    assert.equal(ended.body.code, 'job_not_cancellable');
  });

  test('what a key may see is kept by no cache on the way, errors included', async () => {
    for (const path of ['/api/jobs', `/api/status/${unknownId}`, '/api/nothing', '/api/health']) {
      const { headers } = await call(path, key);
      assert.equal(headers.get('Cache-Control'), 'no-store', path);
    }
  });

  test('1.5 times are ISO 8601 UTC with milliseconds', async () => {
    const owner = await service.createKey();
    const jobId = await createJob(service.db, owner.id);
    await service.db.run(sql`
      update vidgen.job set created_at = '2026-05-07T14:34:56+02:00' where id = ${jobId}`);
    const { body } = await call(`/api/status/${jobId}`, owner);
    assert.equal(body.createdAt, '2026-05-07T12:34:56.000Z');
    assert.equal(new Date(body.updatedAt ?? '').toISOString(), body.updatedAt);
  });

  test('1.6 ids are c + 24 of [a-z0-9]; of 100,000 made at once none is twice, all in order', async () => {
    const made = await Promise.all(
      Array.from({ length: 20 }, () =>
        service.db.run(
          sql<{ id: string }>`select vidgen.new_id() as id from generate_series(1, 5000)`,
        ),
      ),
    );
    const batches = made.map((rows) => rows.map(({ id }) => id));
    const ids = batches.flat();
    assert.equal(new Set(ids).size, 100_000);
    assert.ok(ids.every((id) => /^c[a-z0-9]{24}$/.test(id)));
    for (const batch of batches) {
      const times = batch.map((id) => id.slice(0, 11));
      assert.deepEqual(times, [...times].sort());
    }
    const later = await service.db.first(sql<{ id: string }>`select vidgen.new_id() as id`);
    assert.ok(ids.every((id) => id < (later?.id ?? '')));
    // Unguessable: apart from the time, 14 characters that have nothing in common.
    assert.equal(new Set(ids.map((id) => id.slice(11))).size, 100_000);
  });
});
