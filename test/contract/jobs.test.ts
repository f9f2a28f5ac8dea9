import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { call as callFunction } from '../../src/postgres/call.ts';
import { type Contract, contractOf } from '../support/contract.ts';
import { suiteCleanup } from '../support/database.ts';
import { workerOn } from '../support/job_moves.ts';
import {
  createJob,
  type JobStatus,
  type Key,
  type Service,
  startService,
} from '../support/service.ts';

type List = {
  jobs: { id: string; status: string; retries: number }[];
  pagination: { limit: number; nextCursor: string | null; hasNextPage: boolean };
};

describe('section 3: lists, status, cancel', { concurrency: true }, () => {
  let service: Service;
  let call: Contract;
  const cleanup = suiteCleanup();
  before(async () => {
    service = await startService(cleanup);
    call = contractOf(service);
  });

  /** Ended jobs of a key, each with an id of its creation time; oldest first. */
  const endedJobs = async (key: Key, count: number, status = 'CANCELLED') => {
    const rows = await service.db.run(sql<{ id: string }>`
      insert into vidgen.job (api_key_id, status, progress, share_token, error_message, finished_at)
      select ${key.id}, ${status}, case when ${status} = 'COMPLETED' then 100 else 0 end,
        case when ${status} = 'COMPLETED' then gen_random_uuid()::text end,
        case when ${status} = 'FAILED' then 'It failed.' end, now()
      from generate_series(1, ${count}::int) returning id`);
    return rows.map(({ id }) => id).sort();
  };
  const list = (key: Key, query = '') => call<List>(`/api/jobs${query}`, key);
  const walk = async (key: Key, query: string, onPage?: () => Promise<unknown>) => {
    const seen: string[] = [];
    let cursor = '';
    for (;;) {
      const { body } = await list(key, `?${query}${cursor && `&cursor=${cursor}`}`);
      seen.push(...body.jobs.map(({ id }) => id));
      assert.equal(body.pagination.hasNextPage, body.pagination.nextCursor !== null);
      if (body.pagination.nextCursor === null) return seen;
      cursor = body.pagination.nextCursor;
      await onPage?.();
    }
  };

  test('lists are newest first, of 20 by default, with exactly the documented keys', async () => {
    const key = await service.createKey();
    const ids = await endedJobs(key, 25);
    const { body } = await list(key);
    assert.deepEqual(
      body.jobs.map(({ id }) => id),
      ids.toReversed().slice(0, 20),
    );
    assert.deepEqual(Object.keys(body.jobs[0] ?? {}), [
      'id',
      'status',
      'outputVideo',
      'outputShareLink',
      'errorMessage',
      'retries',
      'createdAt',
      'updatedAt',
      'webhookUrl',
    ]);
    assert.deepEqual(body.pagination, {
      limit: 20,
      nextCursor: body.jobs.at(-1)?.id,
      hasNextPage: true,
    });
  });

  test('a list is the jobs as they are told singly, byte for byte, whatever callers wrote', async () => {
    const key = await service.createKey();
    const wild = 'He said "no"\\ \t\u0001 </b> é \u2028 😀';
    await service.db.run(sql`
      insert into vidgen.job (api_key_id, status, progress, attempt, error_message, webhook_url, metadata,
        share_token, created_at, finished_at)
      select ${key.id}, status, case status when 'COMPLETED' then 100 else 0 end, n,
        case status when 'FAILED' then ${wild} end, case when n > 1 then ${`https://hooks.example/?${wild}`} end,
        case when n = 2 then jsonb_build_object(${wild}::text, ${wild}::text) end,
        case status when 'COMPLETED' then 'token' || n end, '2026-05-07T12:34:56.1Z'::timestamptz + n * '7.3 ms'::interval, now()
      from unnest(array['CANCELLED', 'COMPLETED', 'FAILED']) with ordinality as made (status, n)`);
    const text = await (await service.call('/api/jobs', key)).text();
    const { jobs } = JSON.parse(text) as List;
    const single = await Promise.all(
      jobs.map(async (listed) => {
        const { body } = await call<Record<string, unknown>>(`/api/jobs/${listed.id}`, key);
        const keys = Object.keys(listed);
        return Object.fromEntries(keys.map((name) => [name, body[name]]));
      }),
    );
    const pagination = { limit: 20, nextCursor: null, hasNextPage: false };
    assert.equal(text, JSON.stringify({ jobs: single, pagination }));
    assert.deepEqual(
      single.map(({ status, createdAt }) => [status, createdAt]),
      [
        ['FAILED', '2026-05-07T12:34:56.121Z'],
        ['COMPLETED', '2026-05-07T12:34:56.114Z'],
        ['CANCELLED', '2026-05-07T12:34:56.107Z'],
      ],
    );
  });

  test('3.8 a bad limit, status or cursor is a 400 that names it', async () => {
    const key = await service.createKey();
    const bad = {
      limit: ['0', '101', '-1', '1.5', '1e1', '0x10', 'ten', '99999999999999999999'],
      status: ['pending', 'DONE', 'PENDING,FAILED', '%00'],
      cursor: ['c', 'x'.repeat(25), `c${'0'.repeat(25)}`, '%ff', `c${'0'.repeat(23)}%00`],
    };
    for (const [name, values] of Object.entries(bad)) {
      for (const value of values) {
        const { status, body } = await call(`/api/jobs?${name}=${value}`, key);
        assert.equal(status, 400, `${name}=${value}`);
        assert.equal(body.field, name, `${name}=${value}`);
      }
      assert.equal((await call(`/api/jobs?${name}=1&${name}=1`, key)).status, 400, name);
    }
    const nearMisses = { page: 'cursor', Limit: 'limit', per_page: 'limit', statuses: 'status' };
    for (const [name, meant] of Object.entries(nearMisses)) {
      const { status, body } = await call(`/api/jobs?${name}=1`, key);
      assert.equal(status, 400, name);
      assert.match(body.error ?? '', new RegExp(`mean ${meant}\\?`), name);
    }
    for (const fine of ['?limit=', '?status=&cursor=', '?limit=%201%20', '?status=&status=FAILED'])
      assert.equal((await call(`/api/jobs${fine}`, key)).status, 200, fine);
    for (const fine of ['?limit=1', '?limit=100', '?limit=007', '?unknown=%ff', '?'])
      assert.equal((await call(`/api/jobs${fine}`, key)).status, 200, fine);
  });

  test('3.8 the last page has no cursor, also when it is full or there is nothing', async () => {
    const key = await service.createKey();
    const empty = await list(key);
    assert.deepEqual(empty.body, {
      jobs: [],
      pagination: { limit: 20, nextCursor: null, hasNextPage: false },
    });
    const ids = await endedJobs(key, 20);
    const full = await list(key, '?limit=20');
    assert.equal(full.body.jobs.length, 20);
    assert.equal(full.body.pagination.nextCursor, null);
    // A cursor need not name a job of one's own: it is only a position.
    const beyond = await list(key, `?cursor=c${'0'.repeat(24)}`);
    assert.deepEqual(beyond.body.jobs, []);
    const below = await list(key, `?limit=1&cursor=${ids[1]}`);
    assert.deepEqual(
      below.body.jobs.map(({ id }) => id),
      [ids[0]],
    );
  });

  test('3.8 walking while jobs are created and end yields each older job exactly once', async () => {
    const key = await service.createKey();
    const worker = await workerOn(service.db);
    const ids = await endedJobs(key, 95);
    const active = await createJob(service.db, key.id);
    await worker.claim(active);
    let pages = 0;
    const seen = await walk(key, 'limit=10', async () => {
      pages += 1;
      if (pages === 3) await worker.complete(active, service.url);
      await Promise.all([endedJobs(key, 3), endedJobs(key, 2, 'FAILED')]);
    });
    assert.deepEqual(seen, [active, ...ids.toReversed()]);
  });

  test('lists that are asked for together are each answered with their own page', async () => {
    const keys = [await service.createKey(), await service.createKey()];
    const ids = await Promise.all(keys.map((key) => endedJobs(key, 40)));
    const strangers = keys.map((key) => ({ ...key, apiKey: `${key.apiKey}x` }));
    const asked = Array.from({ length: 48 }, (_, n) => ({
      key: n % 2,
      limit: [1, 2, 30][n % 3],
      encoding: n % 12 < 6 ? 'identity' : 'gzip',
    }));
    const answers = await Promise.all(
      asked.map(async ({ key, limit, encoding }) => {
        const query = `?limit=${limit}`;
        const stranger = list(strangers[key] as Key, query);
        const headers = { 'Accept-Encoding': encoding };
        const answer = await call<List>(`/api/jobs${query}`, keys[key], { headers });
        assert.equal((await stranger).status, 401);
        return answer;
      }),
    );
    for (const [n, { key, limit, encoding }] of asked.entries()) {
      const { body, headers } = answers[n] as (typeof answers)[number];
      assert.deepEqual(
        body.jobs.map(({ id }) => id),
        ids[key]?.toReversed().slice(0, limit),
      );
      assert.equal(headers.get('Content-Encoding') === 'gzip', limit === 30 && encoding === 'gzip');
    }
    const tags = new Set(answers.map(({ headers }) => headers.get('ETag')));
    assert.equal(tags.size, 8, 'one for each page and encoding');
  });

  test('a page that several share is sent to each, unless the caller can tell that it is shared', async () => {
    const key = await service.createKey();
    await endedJobs(key, 3);
    const pages = {
      api_key_ids: [null, key.id, key.id, key.id] as string[],
      page_sizes: [1, 1, 2, 1],
      before_ids: Array(4).fill(null),
      only_statuses: Array(4).fill(null),
      only_metadata: Array(4).fill(null),
      public_url: 'https://videos.example',
    };
    const read = async (sendsOnce?: boolean) =>
      (await callFunction(service.db, 'list_jobs', { ...pages, sends_once: sendsOnce })).sort(
        (a, b) => a.n - b.n,
      );
    const [two, three, four] = await read();
    assert.deepEqual([two?.n, three?.n, four?.n], [2, 3, 4], 'none for the refused one');
    assert.equal(two?.body, four?.body);
    assert.notEqual(two?.body, three?.body);
    assert.deepEqual(await read(true), [
      { n: 2, body: two?.body, body_n: 2 },
      { n: 3, body: three?.body, body_n: 3 },
      { n: 4, body: null, body_n: 2 },
    ]);
  });

  test('a status filter shows those only, whatever else is there', async () => {
    const key = await service.createKey();
    const failed = await endedJobs(key, 7, 'FAILED');
    const completed = await endedJobs(key, 7, 'COMPLETED');
    const cancelled = await endedJobs(key, 7);
    const pending = await createJob(service.db, key.id);
    assert.deepEqual(await walk(key, 'limit=3&status=FAILED'), failed.toReversed());
    assert.deepEqual(await walk(key, 'limit=7&status=CANCELLED'), cancelled.toReversed());
    assert.deepEqual(await walk(key, 'status=PENDING'), [pending]);
    assert.deepEqual(await walk(key, 'limit=2&status=COMPLETED'), completed.toReversed());
    assert.deepEqual(await walk(key, 'status=PROCESSING'), []);
    assert.equal((await walk(await service.createKey(), 'limit=1')).length, 0);
  });

  test('3.9 retries are the attempts after the first', async () => {
    const key = await service.createKey();
    const jobId = await createJob(service.db, key.id);
    const retries = async () => (await list(key)).body.jobs[0]?.retries;
    assert.equal(await retries(), 0);
    const first = await workerOn(service.db);
    await first.claim(jobId);
    assert.equal(await retries(), 0);
    await first.die();
    await (await workerOn(service.db)).claim(jobId);
    assert.equal(await retries(), 1);
  });

  test('3.10 a status has exactly these keys, and progress goes from 0 to 100, never back', async () => {
    const key = await service.createKey();
    const jobId = await createJob(service.db, key.id);
    const status = async () => (await call<JobStatus>(`/api/status/${jobId}`, key)).body;
    assert.deepEqual(Object.keys(await status()), [
      'jobId',
      'status',
      'progress',
      'outputVideo',
      'outputShareLink',
      'errorMessage',
      'createdAt',
      'updatedAt',
    ]);
    const worker = await workerOn(service.db);
    const seen = [(await status()).progress];
    await worker.claim(jobId);
    for (const percent of [10, 62, 40, 62, 99, 100]) {
      await worker.progress(jobId, percent);
      seen.push((await status()).progress);
    }
    await worker.complete(jobId, service.url);
    seen.push((await status()).progress);
    assert.deepEqual(seen, [0, 10, 62, 62, 62, 99, 99, 100]);
  });

  test('4 cancel: only while PENDING, once, and by the owner', async () => {
    const key = await service.createKey();
    const jobId = await createJob(service.db, key.id);
    const cancel = (as: Key, id = jobId) => call(`/api/jobs/${id}`, as, { method: 'DELETE' });
    assert.equal((await cancel(await service.createKey())).status, 404);
    const done = await cancel(key);
    assert.equal(done.status, 200);
    assert.deepEqual(done.body, { success: true, message: 'Job cancelled successfully' });
    assert.equal((await cancel(key)).status, 409);

    const worker = await workerOn(service.db);
    const taken = await createJob(service.db, key.id);
    await worker.claim(taken);
    const refused = await cancel(key, taken);
    assert.equal(refused.status, 409);
    assert.equal(refused.body.code, 'job_not_cancellable');
    assert.match(refused.body.error ?? '', /PROCESSING/);
  });

  test('4 each state says what it promises', async () => {
    const key = await service.createKey();
    const status = async (id: string) => (await call<JobStatus>(`/api/status/${id}`, key)).body;
    const worker = await workerOn(service.db);
    const completed = await createJob(service.db, key.id);
    assert.equal((await status(completed)).status, 'PENDING');
    await worker.claim(completed);
    assert.equal((await status(completed)).status, 'PROCESSING');
    await worker.complete(completed, service.url);
    const done = await status(completed);
    assert.equal(done.status, 'COMPLETED');
    assert.match(done.outputVideo ?? '', /\/video\.mp4$/);
    const failed = await createJob(service.db, key.id);
    await worker.claim(failed);
    await worker.fail(failed, 'The audio could not be read. Send another file.');
    const bad = await status(failed);
    assert.deepEqual(
      [bad.status, bad.errorMessage, bad.outputVideo],
      ['FAILED', 'The audio could not be read. Send another file.', null],
    );
  });

  test('4 no other move exists: the table itself refuses it', async () => {
    const states = ['PENDING', 'PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED'];
    const allowed = [
      'PENDING→PROCESSING',
      'PENDING→FAILED',
      'PENDING→CANCELLED',
      'PROCESSING→COMPLETED',
      'PROCESSING→FAILED',
      'PROCESSING→PENDING',
      'PROCESSING→CANCELLED',
    ];
    const worker = await workerOn(service.db);
    const inState = async (state: string): Promise<string> => {
      const key = await service.createKey();
      const id = await createJob(service.db, key.id);
      if (state === 'CANCELLED') await service.db.run(sql`select api.cancel_job(${key.id}, ${id})`);
      else if (state !== 'PENDING') await worker.claim(id);
      if (state === 'COMPLETED') await worker.complete(id, service.url);
      if (state === 'FAILED') await worker.fail(id, 'It failed.');
      return id;
    };
    for (const before of states) {
      for (const after of states.filter((state) => state !== before)) {
        const id = await inState(before);
        const move = service.db.run(sql`
          update vidgen.job set status = ${after},
            progress = case when ${after} = 'COMPLETED' then 100 else 0 end,
            process_id = case when ${after} = 'PROCESSING' then 1 end,
            share_token = ${id}, error_message = case when ${after} = 'FAILED' then 'x' end,
            finished_at = case when ${after} in ('COMPLETED', 'FAILED', 'CANCELLED') then now() end
          where id = ${id}`);
        const outcome = await move.then(
          () => 'moved',
          (error) => error.constraint_name ?? error.message,
        );
        const expected = allowed.includes(`${before}→${after}`) ? 'moved' : 'job_move_allowed';
        assert.equal(outcome, expected, `${before}→${after}`);
      }
    }
  });
});
