import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { createFollowers } from '../../src/jobs/followers.ts';
import { createJobChanges } from '../../src/jobs/job_changes.ts';
import { snapshotOf } from '../../src/jobs/job_watch.ts';
import { createLog } from '../../src/log.ts';
import { jobStatus } from '../../src/openapi/schemas/jobs.ts';
import { call } from '../../src/postgres/call.ts';
import type { Query } from '../../src/postgres/db.ts';
import { takeLease } from '../../src/postgres/lease.ts';
import { suiteCleanup } from '../support/database.ts';
import { allEvents, eventsOf } from '../support/event_stream.ts';
import { workerOn } from '../support/job_moves.ts';
import {
  createJob,
  type JobStatus,
  type Key,
  type Service,
  startService,
} from '../support/service.ts';
import { until, untilRow } from '../support/until.ts';

describe('GET /api/jobs/:jobId/events and waits', { concurrency: true }, () => {
  let service: Service;
  let worker: Awaited<ReturnType<typeof workerOn>>;
  const cleanup = suiteCleanup();
  before(async () => {
    service = await startService(cleanup);
    worker = await workerOn(service.db);
  });

  const newJob = async (): Promise<{ key: Key; jobId: string }> => {
    const key = await service.createKey();
    return { key, jobId: await createJob(service.db, key.id) };
  };
  const open = (key: Key, jobId: string, headers?: Record<string, string>) =>
    service.call(`/api/jobs/${jobId}/events`, key, { headers });
  const wait = async (key: Key, jobId: string, seconds: number | string, ip = '192.0.2.1') => {
    const headers = { 'X-Test-Ip': ip };
    const response = await service.call(`/api/status/${jobId}?wait=${seconds}`, key, { headers });
    return (await response.json()) as JobStatus;
  };
  /** The statement that counts the request also reads the state from which it waits. */
  const untilCounted = (ip: string) =>
    untilRow('it is counted', service.db, sql`select from vidgen.rate_limit where client = ${ip}`);

  test('the state at once, each change as it comes, and the end after the last', async () => {
    const { key, jobId } = await newJob();
    const response = await open(key, jobId);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('Content-Type'), 'text/event-stream');
    assert.match(response.headers.get('Cache-Control') ?? '', /no-transform/);
    assert.equal(response.headers.get('X-Accel-Buffering'), 'no');
    assert.ok(response.headers.has('RateLimit-Remaining'));
    assert.ok(response.headers.has('X-Request-Id'));

    const steps = [
      () => worker.claim(jobId),
      () => worker.progress(jobId, 40),
      () => worker.progress(jobId, 80),
      () => worker.complete(jobId, service.url),
    ];
    const seen: string[] = [];
    let lastId = 0;
    for await (const { id, data } of eventsOf(response)) {
      assert.ok(id > lastId, `${id} after ${lastId}`);
      lastId = id;
      jobStatus.parse(data);
      seen.push(`${data.status} ${data.progress}`);
      // Each change waits until the one before was received: none may be held back.
      await steps.shift()?.();
    }
    assert.deepEqual(seen, [
      'PENDING 0',
      'PROCESSING 0',
      'PROCESSING 40',
      'PROCESSING 80',
      'COMPLETED 100',
    ]);
  });

  test('every event is the status response of that moment', async () => {
    const { key, jobId } = await newJob();
    const response = await open(key, jobId);
    await worker.claim(jobId);
    await worker.fail(jobId, 'The audio could not be read. Send another file.');
    const last = (await allEvents(response)).at(-1)?.data;
    assert.deepEqual(last, await (await service.call(`/api/status/${jobId}`, key)).json());
  });

  test('an ended job sends one event; a reconnect gets the current state, and ids continue', async () => {
    const { key, jobId } = await newJob();
    const first = eventsOf(await open(key, jobId));
    assert.equal((await first.next()).value?.id, 1);
    await first.return(undefined);
    await service.call(`/api/jobs/${jobId}`, key, { method: 'DELETE' });
    const again = await allEvents(await open(key, jobId, { 'Last-Event-ID': '41' }));
    assert.deepEqual(
      again.map(({ id, data }) => [id, data.status]),
      [[42, 'CANCELLED']],
    );
    for (const nonsense of ['x', '-1', '9'.repeat(40)]) {
      const [only] = await allEvents(await open(key, jobId, { 'Last-Event-ID': nonsense }));
      assert.equal(only?.id, 1, nonsense);
    }
  });

  test('a client that has seen the end gets 204, so its EventSource stops reconnecting', async () => {
    const { key, jobId } = await newJob();
    const response = await open(key, jobId);
    await service.call(`/api/jobs/${jobId}`, key, { method: 'DELETE' });
    const ids = [...(await response.text()).matchAll(/^id: (.*)$/gm)].map(([, id = '']) => id);
    assert.deepEqual(ids, ['1', '2.0']);
    const [seen = '', end = ''] = ids;
    assert.equal((await open(key, jobId, { 'Last-Event-ID': end })).status, 204);
    // A client that has not received the final state gets it.
    const again = await allEvents(await open(key, jobId, { 'Last-Event-ID': seen }));
    assert.deepEqual(
      again.map(({ data }) => data.status),
      ['CANCELLED'],
    );
  });

  test('HEAD opens no stream', async () => {
    const { key, jobId } = await newJob();
    const response = await service.call(`/api/jobs/${jobId}/events`, key, { method: 'HEAD' });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('Content-Type'), 'text/event-stream');
    assert.equal(await response.text(), '');
  });

  test('a comment every 15 seconds keeps proxies from cutting a silent stream', async () => {
    const { key, jobId } = await newJob();
    const began = performance.now();
    const { promise: commented, resolve } = Promise.withResolvers<number>();
    const events = eventsOf(await open(key, jobId), () => resolve(performance.now() - began));
    await events.next();
    const next = events.next();
    const after = await commented;
    assert.ok(after > 14_000, `${after} ms`);
    await worker.claim(jobId);
    assert.equal((await next).value?.data.status, 'PROCESSING');
    await events.return(undefined);
  });

  const twenty = Array.from({ length: 20 });

  test('400 open streams of 20 jobs all get their end', async () => {
    const jobs = await Promise.all(twenty.map(newJob));
    const streams: Response[] = [];
    for (const { key, jobId } of jobs)
      streams.push(...(await Promise.all(twenty.map(() => open(key, jobId)))));
    const ends = Promise.all(
      streams.map(async (stream) => (await allEvents(stream)).at(-1)?.data.status),
    );
    for (const { jobId } of jobs) {
      await worker.claim(jobId);
      await worker.complete(jobId, service.url);
    }
    assert.deepEqual(new Set(await ends), new Set(['COMPLETED']));
  });

  test('a key may follow its job twenty times; one more is told when to come back', async () => {
    const { key, jobId } = await newJob();
    const streams = await Promise.all(twenty.map(() => open(key, jobId)));
    for (const path of [`/api/jobs/${jobId}/events`, `/api/status/${jobId}?wait=60`]) {
      const refused = await service.call(path, key);
      assert.equal(refused.status, 429);
      assert.match(refused.headers.get('Content-Type') ?? '', /^application\/json/);
      assert.equal(refused.headers.get('Retry-After'), '60');
      assert.equal(((await refused.json()) as { code: string }).code, 'too_many_streams');
    }
    assert.equal((await service.call(`/api/status/${jobId}`, key)).status, 200);
    const head = await service.call(`/api/jobs/${jobId}/events`, key, { method: 'HEAD' });
    assert.equal(head.status, 200, 'HEAD opens none');
    const other = await newJob();
    const ofOther = await open(other.key, other.jobId);
    assert.equal(ofOther.status, 200);
    await streams[0]?.body?.cancel();
    await until('there is room', async () => {
      const next = await open(key, jobId);
      streams.push(next);
      return next.status === 200;
    });
    for (const stream of [...streams.slice(1), ofOther]) await stream.body?.cancel();
  });

  test('followers are counted by key, by address and in all; what ends makes room', () => {
    const followers = createFollowers({ perKey: 2, perAddress: 3, inAll: 4 });
    const begin = (apiKeyId: string, address: string) => followers.begin({ apiKeyId, address });
    const refused = (whose: RegExp) => ({ status: 429, code: 'too_many_streams', message: whose });
    const ended = begin('a', 'x');
    begin('a', 'x');
    assert.throws(() => begin('a', 'y'), refused(/^Your API key already has 2/));
    begin('b', 'x');
    assert.throws(() => begin('b', 'x'), refused(/^Your address already has 3/));
    begin('b', 'y');
    assert.throws(() => begin('c', 'z'), refused(/^This service already has 4/));
    ended();
    begin('a', 'x');
    assert.equal(followers.size, 4);
  });

  test('deactivating a key ends its streams and waits', async () => {
    const { key, jobId } = await newJob();
    const events = eventsOf(await open(key, jobId));
    await events.next();
    const waiting = wait(key, jobId, 60, '192.0.2.9');
    await untilCounted('192.0.2.9');
    await call(service.db, 'admin.deactivate_api_key', { name: key.name });
    assert.deepEqual(await events.next(), { done: true, value: undefined });
    assert.equal((await waiting).status, 'PENDING');
    await worker.claim(jobId);
    assert.equal((await open(key, jobId)).status, 401);
  });

  test('a listening connection that is cut loses no last event', async (t) => {
    const log = createLog('silent');
    // The periodic check is an hour away, so missed messages must be looked up on reconnecting.
    const changes = createJobChanges(service.db, service.url, log, 3_600_000);
    t.after(() => changes.close());
    const lease = await takeLease({
      ...{ databaseUrl: service.databaseUrl, kind: 'web', log, onLost: () => {} },
      listen: { channel: 'job_changed', onMessage: changes.changed, onReady: changes.missed },
    });
    t.after(() => lease.release());
    const { key, jobId } = await newJob();
    const first = snapshotOf(await (await service.call(`/api/status/${jobId}`, key)).text());
    const watch = changes.watch(jobId, first);
    const next = watch.next(60_000);
    await service.db.run(sql`
      select pg_terminate_backend(pid, 5000) from pg_stat_activity
      where datname = current_database() and application_name = 'vidgen web lease'`);
    await call(service.db, 'cancel_job', { api_key_id: key.id, job_id: jobId });
    assert.equal((await next)?.status, 'CANCELLED');
    watch.close();
  });

  test('without any message the slow poll finds the change', async (t) => {
    const { key, jobId } = await newJob();
    const changes = createJobChanges(service.db, service.url, createLog('silent'), 20);
    t.after(() => changes.close());
    const first = snapshotOf(await (await service.call(`/api/status/${jobId}`, key)).text());
    const watch = changes.watch(jobId, first);
    const next = watch.next(60_000);
    await call(service.db, 'cancel_job', { api_key_id: key.id, job_id: jobId });
    assert.equal((await next)?.status, 'CANCELLED');
    watch.close();
    assert.equal(changes.size, 0);
  });

  test('however many watch a job, and however many messages come, it is read once', async (t) => {
    const { key, jobId } = await newJob();
    let reads = 0;
    const counting = {
      ...service.db,
      run: <Row>(statement: Query<Row>) => {
        reads += 1;
        return service.db.run(statement);
      },
    };
    const changes = createJobChanges(counting, service.url, createLog('silent'));
    t.after(() => changes.close());
    const first = snapshotOf(await (await service.call(`/api/status/${jobId}`, key)).text());
    const watches = Array.from({ length: 1_000 }, () => changes.watch(jobId, first));
    const nexts = Promise.all(watches.map((watch) => watch.next(60_000)));
    await worker.claim(jobId);
    for (let message = 0; message < 100; message++) changes.changed(jobId);
    assert.deepEqual(new Set((await nexts).map((next) => next?.status)), new Set(['PROCESSING']));
    // All reads requested while one is under way become a single further read.
    assert.ok(reads <= 4, `${reads} reads`);
    changes.close();
    assert.ok(watches.every((watch) => watch.ended));
  });

  test('a wait ends when the status changes, not at every progress', async () => {
    const { key, jobId } = await newJob();
    const claimed = wait(key, jobId, 60, '192.0.2.2');
    await untilCounted('192.0.2.2');
    await worker.claim(jobId);
    assert.equal((await claimed).status, 'PROCESSING');

    const over = wait(key, jobId, '60&until=end', '192.0.2.4');
    await untilCounted('192.0.2.4');
    const ended = wait(key, jobId, 60, '192.0.2.3');
    await untilCounted('192.0.2.3');
    await worker.progress(jobId, 30);
    await worker.progress(jobId, 60);
    await worker.complete(jobId, service.url);
    assert.equal((await ended).status, 'COMPLETED');
    assert.equal((await over).status, 'COMPLETED');
  });

  test('a wait ends at once for an ended job, and when its time is up', async () => {
    const { key, jobId } = await newJob();
    const began = performance.now();
    assert.equal((await wait(key, jobId, 1)).status, 'PENDING');
    assert.ok(performance.now() - began >= 1_000);
    await service.call(`/api/jobs/${jobId}`, key, { method: 'DELETE' });
    assert.equal((await wait(key, jobId, 60)).status, 'CANCELLED');
    assert.equal((await service.call(`/api/status/${jobId}?wait=&until=`, key)).status, 200);
    for (const bad of ['61', '-1', 'x', '1.5']) {
      const refused = await service.call(`/api/status/${jobId}?wait=${bad}`, key);
      assert.equal(refused.status, 400, bad);
      assert.equal(((await refused.json()) as { field: string }).field, 'wait');
    }
  });
});
