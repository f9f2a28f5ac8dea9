import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { sql } from 'kysely';
import { openDb } from '../../src/postgres/db.ts';
import { authority } from '../support/certificates.ts';
import { vidgen } from '../support/command.ts';
import { createDatabase, createEmptyDatabase, inReverse } from '../support/database.ts';
import { eventsOf } from '../support/event_stream.ts';
import { clientOf, type Key } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';
import { databaseFindings } from './database_findings.ts';
import { startPgbouncer, withoutPgbouncer } from './pgbouncer.ts';
import { deployment, startPart } from './processes.ts';

const skip = withoutPgbouncer;

test('behind a transaction pooler: callers at once, progress, a video, a clean end', {
  skip,
}, async (t) => {
  const cleanup = inReverse(t);
  const direct = (await createEmptyDatabase(cleanup)).url;
  const { url, env } = await deployment({
    DATABASE_URL: await startPgbouncer(cleanup, direct),
    DATABASE_DIRECT_URL: direct,
  });
  assert.equal((await vidgen(env, 'migrate')).code, 0);
  const direction = async (settings: Record<string, string>) =>
    (await databaseFindings(settings)).get('Direct connection')?.state;
  assert.equal(await direction(env), 'ok');
  const lent = { ...env, DATABASE_DIRECT_URL: '' };
  assert.equal(await direction(lent), 'failure');
  for (const name of ['migrate', 'web', 'worker', 'start']) {
    const { code, stderr } = await vidgen(lent, name);
    assert.equal(code, 1, name);
    assert.match(stderr, /^DATABASE_URL leads through a pooler .* Set DATABASE_DIRECT_URL /);
  }
  const parts = await Promise.all([
    startPart(cleanup, env, 'web'),
    startPart(cleanup, env, 'worker'),
  ]);
  const db = openDb(direct, { max: 1 });
  cleanup.after(() => db.close());
  const client = clientOf(url, db);

  const names = ['ada', 'bob', 'cy', 'di'];
  const keys: Key[] = [];
  for (const name of names) {
    const made = await vidgen(env, 'keys', 'create', name, '--json');
    keys.push(JSON.parse(made.stdout) as Key);
  }
  const jobs = await Promise.all(
    keys.map(async (key) => {
      const { jobId } = (await (await client.submit(key, await tinyInputs())).json()) as {
        jobId: string;
      };
      const events = eventsOf(await client.call(`/api/jobs/${jobId}/events`, key));
      const seen: string[] = [];
      for await (const { data } of events) seen.push(data.status);
      assert.equal(seen.at(-1), 'COMPLETED');
      return client.until(key, jobId, 'COMPLETED');
    }),
  );
  const polls = Array.from({ length: 80 }, (_, i) =>
    client.call(`/api/status/${jobs[i % 4]?.jobId}`, keys[i % 4]),
  );
  for (const { status } of await Promise.all(polls)) assert.equal(status, 200);
  const video = await client.call(new URL(jobs[0]?.outputVideo ?? '').pathname);
  assert.equal((await video.bytes()).length, Number(video.headers.get('content-length')));

  // Connections of their own hold the leases, not one that PgBouncer lends to everybody.
  const leases = await db.run(sql<{ application_name: string }>`
    select distinct application_name from pg_locks join pg_stat_activity using (pid)
     where locktype = 'advisory' and datname = current_database() order by 1`);
  assert.deepEqual(
    leases.map((row) => row.application_name),
    ['vidgen web lease', 'vidgen worker lease'],
  );

  const ended = parts.map((part) => once(part, 'exit'));
  for (const part of parts) part.kill('SIGTERM');
  assert.deepEqual(await Promise.all(ended), [
    [0, null],
    [0, null],
  ]);
});

test('PGSSLMODE encrypts every connection, and verify-full asks who answers', {
  skip,
}, async (t) => {
  const cleanup = inReverse(t);
  const direct = (await createDatabase(cleanup)).url;
  const { caFile, certify } = authority();
  const address = await startPgbouncer(cleanup, direct, certify(['localhost']));
  const through = address.replace('127.0.0.1', 'localhost');
  const words = async (mode: string) => {
    const settings = { DATABASE_URL: through, PGSSLMODE: mode };
    return (await vidgen(settings, 'keys', 'list')).stderr;
  };
  assert.match(await words('disable'), /The server wants TLS: append \?sslmode=require/);
  assert.match(await words('verify-full'), /signed by an authority unknown here\. Name the file/);
  const found = (mode: string, query = '') =>
    databaseFindings({
      DATABASE_URL: through + query,
      DATABASE_DIRECT_URL: through + query,
      PGSSLMODE: mode,
    });
  const plain = await found('disable');
  assert.equal(plain.get('PostgreSQL')?.state, 'failure');
  for (const [mode, query] of [
    ['require', ''],
    ['verify-full', `?sslrootcert=${caFile}`],
    ['disable', `?sslmode=verify-ca&sslrootcert=${caFile}`],
  ] as const) {
    const findings = await found(mode, query);
    for (const about of ['PostgreSQL', 'Direct connection', 'Migrations', 'Storage'])
      assert.equal(findings.get(about)?.state, 'ok', `${mode}${query}: ${about}`);
  }
  const unknown = await found('verify-full');
  assert.equal(unknown.get('PostgreSQL')?.state, 'failure');
});
