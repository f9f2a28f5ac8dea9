import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { sql } from 'kysely';
import { openDb } from '../../src/postgres/db.ts';
import { type Cleanup, inReverse } from '../support/database.ts';
import { startOwnCluster } from '../support/own_cluster.ts';
import { requireProgram, without } from '../support/programs.ts';
import { databaseOn, onServer, secretsKey } from '../support/server.ts';
import { clientOf, createKey } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';
import { deployment } from './processes.ts';

const skip = without('foreman');

/** A database of 20 connections whose owner is not a superuser. Roles belong to a whole server, so it has one of its own. */
async function smallPlan(t: Cleanup): Promise<{ superuser: string; as(role: string): string }> {
  const folder = await mkdtemp(join(tmpdir(), 'vidgen-procfile-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  // As root the server runs as another user.
  await chmod(folder, 0o711);
  const { url, stop } = await startOwnCluster(join(folder, 'postgres'), { fsync: 'off' });
  t.after(stop);
  const superuser = databaseOn(url, 'plan');
  await onServer(url, "create role owner login createrole password 'secret'");
  await onServer(url, 'create database plan owner owner connection limit 20');
  const as = (username: string) =>
    Object.assign(new URL(superuser), { username, password: 'secret' }).href;
  return { superuser, as };
}

test('a process manager runs the Procfile with few rights, and stops it within 30 s in the midst of work', {
  skip,
}, async (t) => {
  const cleanup = inReverse(t);
  const foreman = await requireProgram('foreman');
  const plan = await smallPlan(cleanup);
  const { env } = await deployment({
    DATABASE_OWNER_URL: plan.as('owner'),
    DATABASE_URL: plan.as('vidgen_worker'),
    DATABASE_POOL_SIZE: '1',
    SECRETS_KEY: secretsKey,
    // Each process gets its own PORT, counted from here: below the ephemeral range.
    PORT: String(20_000 + 10 * (process.pid % 1_000)),
  });
  const run = (...args: string[]) => {
    const child = spawn(foreman, args, {
      env: {
        ...process.env,
        ...env,
        PATH: `${resolve('node_modules/.bin')}:${process.env.PATH}`,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    t.after(() => child.kill('SIGKILL'));
    return { child, exited, lines: createInterface(child.stdout) };
  };
  assert.deepEqual(await run('run', 'release').exited, [0, null]);

  const started = run(
    'start',
    '--formation',
    'web=2,worker=1',
    '--timeout',
    '30',
    '--port',
    env.PORT ?? '',
  );
  const said: string[] = [];
  const up = Promise.withResolvers<void>();
  started.lines.on('line', (line) => {
    said.push(stripVTControlCharacters(line));
    const parts = said.filter((text) => /"listening"|worker started/.test(text));
    if (parts.length === 3) up.resolve();
  });
  const gone = started.exited.then(() => assert.fail(said.join('\n')));
  gone.catch(() => {});
  await Promise.race([up.promise, gone]);

  const db = openDb(plan.superuser, { max: 1 });
  cleanup.after(() => db.close());
  // It gives each process a PORT of its own.
  const [, listening = ''] = /"url":"([^"]+)","msg":"listening"/.exec(said.join('\n')) ?? [];
  const client = clientOf(listening, db);
  const key = await createKey(db);
  const { jobId } = (await (await client.submit(key, await tinyInputs())).json()) as {
    jobId: string;
  };
  await client.until(key, jobId, 'PROCESSING', 'COMPLETED');
  const roles = await db.run(sql<{ role: string; work: string }>`
    select usename as role, string_agg(distinct split_part(application_name, ' ', 2), ' ') as work
    from pg_stat_activity where datname = 'plan' and usename like 'vidgen\\_%' group by 1 order by 1`);
  assert.match(`${roles[0]?.role}: ${roles[0]?.work}`, /^vidgen_web: .*\bweb$/);
  assert.match(`${roles[1]?.role}: ${roles[1]?.work}`, /^vidgen_worker: .*\bqueue worker$/);
  started.child.kill('SIGTERM');
  await started.exited;
  assert.equal(
    said.filter((line) => /\| exited with code 0$/.test(line)).length,
    3,
    said.join('\n'),
  );
  assert.doesNotMatch(said.join('\n'), /SIGKILL|Warning/);
  const left = await db.run(sql`
    select id from vidgen.job where status = 'PROCESSING' union all select id::text from vidgen.process`);
  assert.deepEqual(left, []);
});
