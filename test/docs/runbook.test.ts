import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { access, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { loadConfig } from '../../src/config.ts';
import { call } from '../../src/postgres/call.ts';
import { type Db, openDb } from '../../src/postgres/db.ts';
import { freePort } from '../../src/process/free_port.ts';
import { createVault } from '../../src/secrets/vault.ts';
import { startVidgen, vidgen } from '../support/command.ts';
import { createEmptyDatabase, suiteCleanup } from '../support/database.ts';
import { endJob } from '../support/ended_jobs.ts';
import { onServer } from '../support/server.ts';
import { clientOf, createJob, createKey, type Key } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';
import { until } from '../support/until.ts';
import { openPage } from './page.ts';

const noPsql =
  spawnSync('psql', ['--version']).status !== 0 && !process.env.CI && 'there is no psql';

/** All pages but backup.md, one after another, on one service from its first deploy on. */
describe('the runbook', { skip: noPsql }, () => {
  const cleanup = suiteCleanup();
  const env: NodeJS.ProcessEnv = { ...process.env, SECRETS_KEY: undefined, HOST: '127.0.0.1' };
  let db: Db;
  let caller: Key;
  const page = (name: string) => openPage(name, env, cleanup);
  const as = (username: string, password: string) =>
    Object.assign(new URL(env.DATABASE_URL ?? ''), { username, password }).href;
  before(async () => {
    env.DATABASE_URL = (await createEmptyDatabase(cleanup)).url;
    env.PORT = String(await freePort());
    env.PUBLIC_URL = `http://127.0.0.1:${env.PORT}`;
    env.WEB_PASSWORD = 'of-both';
    env.WORKER_PASSWORD = 'of-both';
    env.WEB_URL = as('vidgen_web', 'of-both');
    env.WORKER_URL = as('vidgen_worker', 'of-both');
    env.LOG_LEVEL = 'silent';
    db = openDb(env.DATABASE_URL, { max: 1 });
    cleanup.after(() => db.close());
  });
  const statusOf = async (id: string | undefined) =>
    (await db.first(sql<{ status: string }>`select status from vidgen.job where id = ${id}`))
      ?.status;

  test('first-deploy: from nothing to a service with a key, and less rights for its processes', async () => {
    const first = await page('first-deploy');
    await first.upTo('curl');
    const serving = () => fetch(`${env.PUBLIC_URL}/api/ready`).catch(() => undefined);
    await until('it is ready', async () => (await serving())?.ok);
    const [ready] = await first.upTo('vidgen keys create');
    assert.equal(ready, '{"status":"ready"}');
    const [created = ''] = await first.rest();
    const words = /API key +(vg_\S+)\nWebhook secret +(whsec_\S+)/.exec(created);
    caller = {
      id: '',
      name: 'first caller',
      apiKey: words?.[1] ?? '',
      webhookSecret: words?.[2] ?? '',
    };
    const client = clientOf(env.PUBLIC_URL ?? '', db);
    const { jobId } = (await (await client.submit(caller, await tinyInputs())).json()) as {
      jobId: string;
    };
    await client.until(caller, jobId, 'COMPLETED');
    // As compose.yaml does: the owner migrates, and the roles get in with the password of DATABASE_URL.
    const owner = { ...env, DATABASE_OWNER_URL: env.DATABASE_URL, DATABASE_URL: env.WORKER_URL };
    const migrated = await vidgen(owner, 'migrate');
    assert.equal(migrated.code, 0, migrated.stderr);
    await onServer(env.WORKER_URL ?? '', 'select * from api.applied_migrations()');
    await onServer(env.WEB_URL ?? '', 'select * from api.applied_migrations()');
  });

  test('README and upgrade: looking, and migrating what is current', async () => {
    const [doctor, help] = await (await page('README')).rest();
    assert.match(doctor ?? '', /^ok {7}Workers: 1 running$/m);
    assert.match(help ?? '', /failing_receivers +\| view .*Hosts that webhooks do not reach/);
    assert.match(help ?? '', /retry_job +\| function /);
    const printed = await (await page('upgrade')).rest();
    assert.match(printed.at(-2) ?? '', /worker \|.*\| t /);
    assert.match(printed.at(-1) ?? '', /0001_init\.sql/);
  });

  test('stuck-queue: a job is failed and made anew; a pause ends', async () => {
    // Keeps the job active until the page fails it.
    await call(db, 'admin.pause_queue');
    env.JOB_ID = await createJob(db, (await newKey()).id);
    const stuck = await page('stuck-queue');
    const [queue] = await stuck.upTo('vidgen jobs fail');
    assert.match(queue ?? '', /render +\| +1 \|/);
    const printed = await stuck.upTo('psql');
    assert.equal(await statusOf(env.JOB_ID), 'FAILED');
    const made = /Job (\w+) was made/.exec(printed[1] ?? '')?.[1];
    assert.ok(made, printed[1]);
    await stuck.rest();
    assert.equal((await db.run(sql`select from vidgen.queue_pause`)).length, 0);
  });

  test('failing-receiver: it is seen, and what it missed is sent again', async () => {
    const { id } = await newKey();
    await call(db, 'admin.pause_queue');
    env.RECEIVER_HOST = 'receiver.invalid';
    env.JOB_ID = await endJob(db, id, `https://${env.RECEIVER_HOST}/hook`);
    const round = async () =>
      (
        await db.first(
          sql<{ round: number }>`select round from vidgen.webhook where job_id = ${env.JOB_ID}`,
        )
      )?.round;
    const tried = () => db.run(sql`select from admin.failing_receivers`);
    await until('it was tried', async () => (await tried()).length > 0);
    const failing = await page('failing-receiver');
    const [hosts, attempts] = await failing.upTo('vidgen jobs redeliver');
    assert.match(hosts ?? '', /receiver\.invalid/);
    assert.match(attempts ?? '', /receiver\.invalid\/hook/);
    await failing.rest();
    assert.ok(((await round()) ?? 0) > 1);
  });

  /** Its secret is sealed with the key of the page's workers. */
  const newKey = () =>
    createKey(db, undefined, createVault(loadConfig({ SECRETS_KEY: env.SECRETS_KEY }).secretsKeys));

  test('leaked-key: the old value is refused, the new one counts', async () => {
    env.JOB_ID = (
      await db.first(
        sql<{ id: string }>`select id from admin.jobs where status = 'COMPLETED' limit 1`,
      )
    )?.id;
    const asked = async () => {
      const headers = { 'X-API-Key': caller.apiKey };
      return (await fetch(`${env.PUBLIC_URL}/api/jobs`, { headers })).status;
    };
    assert.equal(await asked(), 200);
    const leaked = await page('leaked-key');
    const [rotated] = await leaked.upTo('vidgen keys deactivate');
    assert.equal(await asked(), 401);
    caller.apiKey = /API key +(vg_\S+)/.exec(rotated ?? '')?.[1] ?? '';
    assert.equal(await asked(), 200);
    const [, rotatedLater] = await leaked.upTo('vidgen keys activate');
    assert.equal(await asked(), 401);
    caller.apiKey = /API key +(vg_\S+)/.exec(rotatedLater ?? '')?.[1] ?? '';
    assert.equal(await asked(), 401);
    const printed = await leaked.upTo('vidgen jobs purge');
    assert.equal(await asked(), 200);
    assert.ok(printed.some((text) => text.includes(env.JOB_ID ?? 'none')));
    await leaked.rest();
    assert.equal(await statusOf(env.JOB_ID), undefined);
  });

  test('rotating-secrets: a worker with the new SECRETS_KEY seals everything anew', async () => {
    const old = env.SECRETS_KEY;
    const rotating = await page('rotating-secrets');
    await rotating.upTo('psql "$DATABASE_URL" -c "select secret_sealed_with');
    assert.equal(env.SECRETS_KEY?.split(',')[1], old);
    // The page asks for this restart.
    const worker = startVidgen(env, 'worker');
    cleanup.after(() => worker.kill('SIGKILL'));
    const names = async () =>
      (
        await db.run(
          sql<{ name: string }>`select distinct secret_sealed_with as name from admin.api_keys`,
        )
      ).map(({ name }) => name);
    const [before] = await names();
    await until('the old one is gone', async () => !(await names()).includes(before ?? ''));
    const [, doctor] = await rotating.rest();
    assert.match(doctor ?? '', /^ok {7}Secrets: all sealed/m);
  });

  test('growing-storage: whose it is, and one job gone for good', async () => {
    env.JOB_ID = await endJob(db, (await newKey()).id, 'https://receiver.invalid/hook');
    const [size, storage] = await (await page('growing-storage')).rest();
    assert.match(size ?? '', /\d MB|\d kB/);
    assert.match(storage ?? '', /first caller/);
    assert.equal(await statusOf(env.JOB_ID), undefined);
  });

  test('sql/README.md names every function of the schema api', async () => {
    const [text, names] = await Promise.all([
      readFile('sql/README.md', 'utf8'),
      readdir('sql/api'),
    ]);
    const missing = names.filter((name) => !text.includes(`\`api.${name.replace('.sql', '')}\``));
    assert.deepEqual(missing, []);
  });

  test('a page about how it is built names only files and functions that exist', async () => {
    const decisions = (await readdir('docs/decisions')).map((name) => `decisions/${name}`);
    for (const name of ['architecture.md', 'contract.md', ...decisions]) {
      const text = await readFile(`docs/${name}`, 'utf8');
      const files = text.matchAll(/`((?:src|worker|test|build|sql)\/[\w./-]+)`/g);
      for (const [, file = ''] of files) await access(file);
      const links = text.matchAll(/\]\(([\w./-]+\.md)\)/g);
      for (const [, link = ''] of links) await access(join('docs', dirname(name), link));
      for (const [, called = ''] of text.matchAll(/`(api\.\w+|admin\.\w+)`/g))
        await access(`sql/${called.replace('.', '/')}.sql`);
    }
  });

  test('every page is in the list of pages, and tested', async () => {
    const pages = (await readdir('docs')).filter(
      (name) => name.endsWith('.md') && name !== 'README.md',
    );
    const list = await readFile('docs/README.md', 'utf8');
    const files = [
      'docs/runbook.test.ts',
      'docs/backup.test.ts',
      'cli/make.test.ts',
      'storage/bucket_service.ts',
    ];
    const tests = await Promise.all(files.map((file) => readFile(`test/${file}`, 'utf8')));
    // deploy.md, corpus.md, own-ffmpeg.md and verify.md need what is not here; the others have no commands.
    const notRun = [
      'agents.md',
      'compatibility.md',
      'architecture.md',
      'contract.md',
      'corpus.md',
      'deploy.md',
      'monitoring.md',
      'own-ffmpeg.md',
      'proxy.md',
      'sandbox.md',
      'scaling.md',
      'settings.md',
      'targets.md',
      'threat-model.md',
      'verify.md',
    ];
    for (const name of pages) {
      assert.ok(list.includes(`(${name})`), `${name} is not in the list`);
      const isRun = tests.some((text) => text.includes(`('${name.replace('.md', '')}'`));
      assert.equal(isRun, !notRun.includes(name), `${name} is not tested`);
    }
    const named = [...list.matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, name]) => name);
    assert.deepEqual(
      named.filter((name) => !pages.includes(name ?? '')),
      [],
    );
  });
});
