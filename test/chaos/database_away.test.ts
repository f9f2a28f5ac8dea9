import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { startVidgen, vidgen } from '../support/command.ts';
import { suiteCleanup } from '../support/database.ts';
import { mount } from '../support/mount.ts';
import { onServer } from '../support/server.ts';
import { createKey, type Key } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';
import { until } from '../support/until.ts';
import { createFleet, type Fleet, type Process, watchedForLong } from './fleet.ts';
import { type HeldFfmpeg, heldFfmpeg } from './inputs.ts';
import { type OwnPostgres, ownPostgres } from './own_postgres.ts';
import { startTcpProxy, type TcpProxy } from './tcp_proxy.ts';

/** A request that takes longer hangs; the promise is 5 s on a machine that is not busy. */
const hangMs = 60_000;

/** One web process and one worker survive all of it without a restart. */
describe('the database goes away and comes back', () => {
  const cleanup = suiteCleanup();
  let postgres: OwnPostgres;
  let proxy: TcpProxy;
  let fleet: Fleet;
  let web: Process;
  let worker: Process;
  let ffmpeg: HeldFfmpeg;
  let watch: ChildProcess;
  const watched = { stdout: '', stderr: '' };

  before(async () => {
    postgres = await ownPostgres(cleanup);
    proxy = await startTcpProxy(cleanup, postgres.port);
    const through = new URL(postgres.url);
    through.port = String(proxy.port);
    ffmpeg = await heldFfmpeg(cleanup);
    fleet = await createFleet(cleanup, {
      databaseUrl: postgres.url,
      env: { DATABASE_URL: through.href, ...ffmpeg.env },
    });
    [web, worker] = await Promise.all([fleet.web(), fleet.worker()]);
    await watchedForLong(fleet.db);
    watch = startVidgen({ DATABASE_URL: through.href }, 'jobs', 'watch', '--json');
    cleanup.after(() => watch.kill('SIGKILL'));
    for (const name of ['stdout', 'stderr'] as const)
      watch[name]?.on('data', (text) => {
        watched[name] += String(text);
      });
    await until('it is watched', () => watched.stdout !== '');
  });

  type Answer = { status: number; code?: string; retryAfter: string | null };

  /** One request after another, each with its own time limit. */
  function ask(path: string, key?: Key) {
    const answers: Answer[] = [];
    let stopped = false;
    const asking = (async () => {
      while (!stopped) {
        const signal = AbortSignal.timeout(hangMs);
        const response = await fleet.client(web).call(path, key, { signal });
        const { code } = (await response.json()) as { code?: string };
        const retryAfter = response.headers.get('Retry-After');
        answers.push({ status: response.status, code, retryAfter });
        await delay(200);
      }
    })();
    return {
      answers,
      stop: () => {
        stopped = true;
        return asking;
      },
    };
  }

  /** Resolves when the stream has begun, with a promise of everything it sends. */
  async function openStream(jobId: string, key: Key): Promise<{ said: Promise<string> }> {
    const response = await fleet.client(web).call(`/api/jobs/${jobId}/events`, key);
    assert.equal(response.status, 200);
    return { said: response.text() };
  }

  /** A job is rendering when `away` begins, and finishes rendering during it. */
  async function survive(away: () => Promise<void>, back: () => Promise<void>): Promise<Answer[]> {
    const client = fleet.client(web);
    const key = await createKey(fleet.db);
    await ffmpeg.hold();
    const response = await client.submit(key, await tinyInputs());
    assert.equal(response.status, 201);
    const { jobId } = (await response.json()) as { jobId: string };
    await ffmpeg.held();
    const stream = await openStream(jobId, key);
    const status = ask(`/api/status/${jobId}`, key);
    const health = ask('/api/health');

    await away();
    await ffmpeg.go();
    await back();
    await until('it answers again', () => status.answers.at(-1)?.status === 200);
    assert.equal(web.hasExited() || worker.hasExited(), false, 'nobody had to be started again');
    assert.ok((await client.until(key, jobId, 'COMPLETED')).outputVideo);
    assert.match(await stream.said, /"status" ?: ?"COMPLETED"/);
    await Promise.all([status.stop(), health.stop()]);

    for (const answer of status.answers) {
      if (answer.status !== 200)
        assert.deepEqual(answer, {
          status: 500,
          code: 'database_unavailable',
          retryAfter: '5',
        });
    }
    assert.ok(health.answers.every((answer) => answer.status === 200));
    const blobs = await fleet.db.run(
      sql`select from vidgen.blob where job_id = ${jobId} and kind = 'video' or job_id is null`,
    );
    assert.equal(blobs.length, 1, 'one video, nothing unowned');
    assert.equal(web.hasExited() || worker.hasExited(), false, 'nor was it later on');
    const ended = new RegExp(`"${jobId}","status":"COMPLETED"`);
    await until('vidgen jobs watch shows it', () => ended.test(watched.stdout));
    return status.answers;
  }

  test('it crashes and is there again at once', async () => {
    await survive(
      () => postgres.stop('immediate'),
      () => postgres.start(),
    );
  });

  test('it is away for some seconds', async () => {
    const answers = await survive(
      async () => {
        await postgres.stop('fast');
        await delay(4_000);
      },
      () => postgres.start(),
    );
    assert.ok(answers.some((answer) => answer.status === 500));
  });

  test('each connection in turn is ended (pg_terminate_backend)', async () => {
    await survive(
      async () => {
        const backends = await fleet.db.run(sql<{ pid: number }>`
          select pid from pg_stat_activity where backend_type = 'client backend'
            and application_name like 'vidgen %' and pid <> pg_backend_pid()`);
        assert.ok(backends.length > 5);
        for (const { pid } of backends)
          await fleet.db.run(sql`select pg_terminate_backend(${pid})`);
      },
      async () => {},
    );
  });

  test('its connections go silent', async () => {
    const answers = await survive(
      async () => {
        proxy.silence();
        // A process that starts during the outage exits, so that its host restarts it, instead of hanging.
        await assert.rejects(fleet.worker(), /did not start/);
      },
      async () => proxy.speak(),
    );
    assert.ok(answers.some((answer) => answer.status === 500));
  });

  test('its disk is full', { skip: process.getuid?.() !== 0 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vidgen-full-'));
    cleanup.after(() => rm(folder, { recursive: true }));
    mount(cleanup, folder, `size=8m,mode=700,uid=${postgres.uid}`);
    await onServer(postgres.url, `create tablespace small location '${folder}'`);
    await onServer(postgres.url, 'alter table vidgen.blob_chunk set tablespace small');
    const fill = 'insert into vidgen.filler select generate_series(1, $1)';
    await onServer(postgres.url, 'create table vidgen.filler (n int) tablespace small');
    const answers = await survive(
      async () => {
        for (const rows of [10_000, 200])
          await assert.rejects(
            (async () => {
              for (;;) await fleet.db.query(fill, [rows]);
            })(),
            { code: '53100' },
          );
        const { image, audio } = await tinyInputs();
        const refused = await fleet.client(web).submit(await createKey(fleet.db), {
          image,
          audio: new File([audio, Buffer.alloc(1e6)], 'sound.wav'),
        });
        const { code } = (await refused.json()) as { code: string };
        assert.deepEqual([refused.status, code], [500, 'disk_full']);
        const doctor = await vidgen({ DATABASE_URL: postgres.url }, 'doctor');
        assert.match(
          doctor.stdout,
          /^FAILURE {2}Storage: The disk of PostgreSQL is full\.\n +Enlarge/m,
        );
      },
      async () => {
        await onServer(postgres.url, 'drop table vidgen.filler');
      },
    );
    assert.ok(
      answers.every(({ status }) => status === 200),
      'what is only read is answered',
    );
  });

  test('all of this takes few lines of the log', () => {
    for (const { kind, output } of [web, worker]) {
      const lines = output().trim().split('\n');
      assert.ok(
        lines.some((line) => line.includes('PostgreSQL cannot be reached')),
        output(),
      );
      assert.ok(lines.length < 40, `${kind}: ${lines.length} lines\n${output()}`);
    }
    assert.match(watched.stderr, /^(PostgreSQL is away; trying again\.\n){1,8}$/);
  });
});
