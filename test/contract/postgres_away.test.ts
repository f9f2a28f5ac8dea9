import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import pg from 'pg';
import { type EmbeddedPostgres, openEmbeddedPostgres } from '../../src/embedded_postgres/open.ts';
import { migrate } from '../../src/postgres/migrate.ts';
import { type Contract, contractOf } from '../support/contract.ts';
import { suiteCleanup } from '../support/database.ts';
import { eventsOf, type StreamEvent } from '../support/event_stream.ts';
import { rawSocket } from '../support/raw_http.ts';
import { createJob, type Key, type Service, startService } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';
import { untilRow } from '../support/until.ts';

const unknownId = `c${'0'.repeat(24)}`;
/** A request that takes longer hangs; rule 2.5 promises 5 s on a machine that is not busy. */
const hangMs = 60_000;

describe('2.5 Postgres cannot be reached', () => {
  const cleanup = suiteCleanup();
  let dataDir: string;
  let postgres: EmbeddedPostgres;
  let service: Service;
  let call: Contract;
  let key: Key;

  const openPostgres = () =>
    openEmbeddedPostgres({
      dataDir,
      role: 'owner',
      log: () => {},
      settings: { fsync: 'off', synchronous_commit: 'off' },
    });

  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'vidgen-away-'));
    cleanup.after(() => rm(dataDir, { recursive: true, force: true }));
    postgres = await openPostgres();
    cleanup.after(() => postgres.stop());
    await migrate(postgres.addresses.owner);
    service = await startService(cleanup, { databaseUrl: postgres.addresses.owner });
    call = contractOf(service);
    key = await service.createKey();
  });

  /** Health answers, and everything else is soon a clean 500. */
  async function assertAway(): Promise<void> {
    const everythingElse: [string, string][] = [
      ['GET', '/api/jobs'],
      ['GET', '/api/jobs?limit=0'],
      ['POST', '/api/jobs'],
      ['GET', `/api/status/${unknownId}`],
      ['GET', `/api/status/${unknownId}?wait=60`],
      ['GET', `/api/jobs/${unknownId}/events`],
      ['DELETE', `/api/jobs/${unknownId}`],
    ];
    const refusedByTheServer = ['hello', 'GET /api/jobs HTTP/1.1\r\nHost: a b'];
    const others = Promise.all([
      ...everythingElse.map(async ([method, path]) => {
        const signal = AbortSignal.timeout(hangMs);
        return { path, ...(await call(path, key, { method, signal })) };
      }),
      ...refusedByTheServer.map(async (path) => {
        const { socket, answer } = await rawSocket(Number(new URL(service.url).port));
        socket.write(`${path}\r\n\r\n`);
        const { status, headers, body } = await answer;
        socket.destroy();
        return { path, status, headers: new Headers(headers), body: JSON.parse(body) };
      }),
    ]);
    assert.equal((await call('/api/health')).status, 200);
    for (const { path, status, headers, body } of await others) {
      assert.equal(status, 500, path);
      assert.equal(body.code, 'database_unavailable', path);
      assert.match(headers.get('Retry-After') ?? '', /^[1-9]\d*$/, path);
      assert.ok(headers.has('RateLimit-Reset'), path);
      assert.doesNotMatch(JSON.stringify(body), /ECONN|127\.0\.0\.1|postgres/i, path);
    }
  }

  /** Health is requested after another path and answered before it: it waits for nothing. */
  async function assertHealthOvertakes(
    init?: RequestInit,
    release = async () => {},
  ): Promise<void> {
    let answered = false;
    const waiting = call('/api/jobs', key, init).finally(() => {
      answered = true;
    });
    // More requests than one batch counts, so that some would wait for those before them.
    const healths = Array.from({ length: 5 }, () => call('/api/health', undefined, init));
    for (const { status } of await Promise.all(healths)) assert.equal(status, 200);
    assert.equal(answered, false, 'the other one was to wait');
    await release();
    await waiting;
  }

  /** It recovers by itself within a minute. */
  async function untilBack(): Promise<void> {
    for (const until = Date.now() + 60_000; ; ) {
      const { status, body } = await call('/api/jobs', key);
      if (status === 200) return;
      assert.equal(body.code, 'database_unavailable');
      assert.ok(Date.now() < until, 'it did not come back');
    }
  }

  test('its disk is full: what is only read is answered, a submission says why it is not taken', async () => {
    await service.db.run(sql`create function vidgen.no_room() returns trigger language plpgsql as
      'begin raise sqlstate ''53100'' using message = ''could not extend file: No space left''; end'`);
    for (const table of ['rate_limit', 'job', 'blob'])
      await service.db.run(sql`create trigger no_room before insert or update on vidgen.${sql.ref(table)}
        execute function vidgen.no_room()`);
    const jobs = await call('/api/jobs', key);
    assert.deepEqual([jobs.status, jobs.body.jobs], [200, []]);
    assert.equal((await call('/api/jobs', 'vg_unknown')).status, 401);
    assert.equal((await call(`/api/status/${unknownId}`, key)).status, 404);
    const form = new FormData();
    for (const [name, file] of Object.entries(await tinyInputs())) form.append(name, file);
    const refused = await call('/api/jobs', key, { method: 'POST', body: form });
    assert.deepEqual([refused.status, refused.body.code], [500, 'disk_full']);
    assert.ok(refused.headers.has('Retry-After'));
    await service.db.run(sql`drop function vidgen.no_room() cascade`);
  });

  test('stopped: health answers, all else is a 500; started again: all works', async () => {
    const jobId = await createJob(service.db, key.id);
    const stream = await service.call(`/api/jobs/${jobId}/events`, key);
    const events = eventsOf(stream);
    await events.next();
    const waiting = service.call(`/api/status/${jobId}?wait=60`, key, {
      headers: { 'X-Test-Ip': '192.0.2.1' },
    });
    // The statement that counts the request also reads the state from which it waits.
    await untilRow(
      'it is counted',
      service.db,
      sql`select from vidgen.rate_limit where client = '192.0.2.1'`,
    );
    const url = postgres.addresses.owner;
    await postgres.stop();
    await assertAway();
    postgres = await openPostgres();
    assert.equal(postgres.addresses.owner, url);
    await untilBack();
    // Streams that stayed open learn of changes from now on and of those made meanwhile.
    await service.db.run(sql`select api.cancel_job(${key.id}, ${jobId})`);
    let last: StreamEvent | undefined;
    for await (const event of events) last = event;
    assert.equal(last?.data.status, 'CANCELLED');
    const answer = (await (await waiting).json()) as { status: string };
    assert.equal(answer.status, 'CANCELLED');
  });

  test("there, but the client's counter is locked: health answers, all else waits", async (t) => {
    const client = '198.51.100.1';
    const holder = new pg.Client({ connectionString: postgres.addresses.owner });
    await holder.connect();
    t.after(() => holder.end());
    await holder.query('begin');
    await holder.query(
      `insert into vidgen.rate_limit (client, policy, window_start, hits) values ($1, 'requests', now(), 1)`,
      [client],
    );
    await assertHealthOvertakes({ headers: { 'X-Test-Ip': client } }, async () => {
      await holder.query('rollback');
    });
  });

  test('frozen, with connections that take everything and answer nothing', async (t) => {
    if (process.platform !== 'linux') return t.skip('finds the processes in /proc');
    const processes = serverProcesses(dataDir);
    assert.ok(processes.length > 1);
    try {
      for (const pid of processes) signal(pid, 'SIGSTOP');
      await Promise.all([assertHealthOvertakes(), assertAway()]);
    } finally {
      for (const pid of processes) signal(pid, 'SIGCONT');
    }
    await untilBack();
  });
});

/** Backends may exit while they are being signalled. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The server and all its backends. */
function serverProcesses(dataDir: string): number[] {
  const pidFile = join(dataDir, 'postgres', 'data', 'postmaster.pid');
  const postmaster = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  const children = readdirSync('/proc').filter((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === postmaster;
    } catch {
      return false;
    }
  });
  return [postmaster, ...children.map(Number)];
}
