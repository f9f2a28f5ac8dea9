import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import pg from 'pg';
import { openDb } from '../../src/postgres/db.ts';
import { migrate } from '../../src/postgres/migrate.ts';
import { createOperatorDb } from '../../src/postgres/operator_db.ts';
import { deployment, startPart } from '../deploy/processes.ts';
import { vidgen } from '../support/command.ts';
import { createDatabase, suiteCleanup } from '../support/database.ts';
import { onServer } from '../support/server.ts';
import { clientOf, startService } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';
import { until } from '../support/until.ts';

/** A login with one of the roles can do that role's work and nothing else. */
describe('the roles of sql/roles.sql', () => {
  const cleanup = suiteCleanup();
  let owner: string;
  let web: string;
  let worker: string;
  let operator: string;
  before(async () => {
    const server = process.env.TEST_SERVER_URL ?? '';
    const { url, name } = await createDatabase(cleanup);
    owner = url;
    const login = async (role: string) => {
      const user = `${name}_${role}`;
      await onServer(server, `create role ${user} login password 'secret' in role vidgen_${role}`);
      cleanup.after(() => onServer(server, `drop role if exists ${user}`));
      return Object.assign(new URL(owner), { username: user, password: 'secret' }).href;
    };
    for (const time of ['once', 'again after each migration'])
      assert.deepEqual(
        await vidgen({ DATABASE_URL: owner }, 'roles', '--apply'),
        {
          code: 0,
          stdout: '',
          stderr: 'The roles vidgen_web, vidgen_worker and vidgen_operator have their rights.\n',
        },
        time,
      );
    [web, worker, operator] = [await login('web'), await login('worker'), await login('operator')];
  });
  const clients = new Map<string, Promise<pg.Client>>();
  const connect = async (url: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    cleanup.after(() => client.end());
    return client;
  };
  /** One connection for each of them. */
  const as = async (url: string, statement: string) => {
    const client = clients.get(url) ?? connect(url);
    clients.set(url, client);
    return (await (await client).query(statement)).rows;
  };
  const denied = { code: '42501' };

  test('vidgen roles prints what it applies', async () => {
    const { stdout } = await vidgen({}, 'roles');
    assert.equal(stdout, await readFile('sql/roles.sql', 'utf8'));
  });

  test('web and worker run as vidgen_web and vidgen_worker: all of a job, and another cancelled', async (t) => {
    const { env, url } = await deployment({
      DATABASE_URL: web,
      WEBHOOK_CATCHER: 'on',
      LOG_LEVEL: 'warn',
    });
    const said: string[] = [];
    for (const part of ['web', 'worker'] as const) {
      const settings = { ...env, DATABASE_URL: part === 'web' ? web : worker, LOG_LEVEL: 'info' };
      const child = await startPart(t, settings, part);
      for (const output of [child.stdout, child.stderr])
        output?.on('data', (text) => said.push(String(text)));
    }
    const db = openDb(operator, { max: 1 });
    t.after(() => db.close());
    const client = clientOf(url, db);
    const key = await client.createKey('one');
    const json = async (path: string, init?: RequestInit) => {
      const response = await client.call(path, key, init);
      assert.ok(response.ok, `${path}: ${await response.clone().text()}`);
      return JSON.parse(await response.text());
    };
    const { url: webhookUrl } = await json('/api/hooks', { method: 'POST' });
    const submit = async () => {
      const submitted = await client.submit(key, { ...(await tinyInputs()), webhookUrl });
      assert.equal(submitted.status, 201, await submitted.clone().text());
      return ((await submitted.json()) as { jobId: string }).jobId;
    };
    const jobId = await submit();
    const job = await client.until(key, jobId, 'COMPLETED');
    const ranged = await fetch(job.outputVideo ?? '', { headers: { Range: 'bytes=0-99' } });
    assert.equal(ranged.status, 206);
    assert.equal((await ranged.arrayBuffer()).byteLength, 100);
    assert.equal((await fetch(job.outputShareLink ?? '')).status, 200);
    await until('the webhook came', async () => {
      const { deliveries } = await json(`/api/jobs/${jobId}/webhooks`);
      return deliveries.some(
        (delivery: { responseStatus: number }) => delivery.responseStatus === 200,
      );
    });
    for (const path of ['/api/ready', '/api/jobs', `/api/jobs/${jobId}`]) await json(path);
    await json(`/api/jobs/${jobId}/webhooks/redeliver`, { method: 'POST' });

    await as(operator, 'select admin.pause_queue()');
    const second = await submit();
    assert.equal((await client.call(`/api/jobs/${second}`, key, { method: 'DELETE' })).status, 200);
    await as(operator, 'select admin.resume_queue()');
    await until('the secret is sealed', async () => {
      const [row] = await as(operator, 'select secret_sealed_with from admin.api_keys');
      return row.secret_sealed_with !== null;
    });
    await as(worker, 'select api.tidy(), api.sweep()');
    assert.doesNotMatch(said.join(''), /permission denied/);
    const { stdout } = await vidgen({ DATABASE_URL: worker }, 'doctor');
    assert.match(stdout, /^ok {7}Rights: \w+, enough for "vidgen worker", not to migrate$/m);
    assert.match(stdout, /^ok {7}Workers: 1 running$/m);
    const asWeb = await vidgen({ DATABASE_URL: web }, 'doctor');
    assert.match(asWeb.stdout, /^ok {7}Rights: \w+, enough for "vidgen web", not to migrate$/m);
    assert.match(asWeb.stdout, /^ok {7}Secrets: only workers read them/m);
    assert.doesNotMatch(asWeb.stdout, /permission denied/);
    const asOwner = await vidgen({ DATABASE_URL: owner }, 'doctor');
    assert.match(asOwner.stdout, /^warning {2}Rights: \w+, a superuser\n.*first-deploy/m);
  });

  /** A statement for each table, view and function of a schema. */
  const everythingIn = async (schema: string) => {
    // Names of types are written in full, also those of the schema that is named like the owner.
    await as(owner, `set search_path = ''`);
    return as(
      owner,
      `select format('select from %I.%I', n.nspname, c.relname) as tried from pg_class c
       join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = '${schema}' and c.relkind in ('r', 'v', 'p', 'm')
       union all
       select format('delete from %I.%I', n.nspname, c.relname) from pg_class c
       join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = '${schema}' and c.relkind = 'r'
       union all
       select format('select %I.%I(%s)', n.nspname, p.proname,
         (select string_agg(format('null::%s', format_type(t, null)), ', ') from unnest(p.proargtypes::oid[]) t))
       from pg_proc p join pg_namespace n on n.oid = p.pronamespace
       where n.nspname = '${schema}' and p.prorettype <> 'trigger'::regtype`,
    );
  };

  test('neither process sees a table, administers, migrates, or makes anything', async () => {
    for (const schema of ['vidgen', 'admin']) {
      const all = await everythingIn(schema);
      assert.ok(all.length > 20);
      for (const { tried } of all)
        for (const role of [web, worker]) await assert.rejects(as(role, tried), denied, tried);
    }
    for (const role of [web, worker]) {
      await assert.rejects(as(role, 'drop table vidgen.job'), denied);
      await assert.rejects(as(role, 'alter table vidgen.job disable trigger all'), denied);
      await assert.rejects(as(role, `create function api.mine() returns int return 1`), denied);
      await assert.rejects(as(role, 'create table public.mine ()'), denied);
    }
    for (const { tried } of await everythingIn('graphile_worker'))
      await assert.rejects(as(web, tried), denied, tried);
    await assert.rejects(as(worker, 'delete from graphile_worker.migrations'), denied);
  });

  test('of api, what processes call runs with the owner’s rights, and what only functions call does not', async () => {
    const code = globSync(['src/**/*.ts', 'worker/**/*.ts', 'cli/**/*.ts'])
      .filter((file) => !file.endsWith('.types.ts'))
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
    const functions = await as(
      owner,
      `select proname as name, prosecdef as "isDefiner",
         coalesce(proconfig && '{"search_path=pg_catalog, pg_temp"}', false) as "isPinned"
       from pg_proc where pronamespace = 'api'::regnamespace order by 1`,
    );
    assert.ok(functions.length > 70);
    const right = functions.map(({ name }) => {
      const isCalled = code.includes(`'${name}'`);
      return { name, isDefiner: isCalled, isPinned: isCalled };
    });
    assert.deepEqual(functions, right);
  });

  /** The functions of api that the code in these folders calls. */
  const calledIn = (...folders: string[]) => {
    const code = folders
      .flatMap((folder) => globSync(`${folder}/**/*.ts`))
      // Files are moved by the owner.
      .filter((file) => !/\.types\.ts$|storage\/move\.ts$/.test(file))
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
    return (name: string) => code.includes(`'${name}'`);
  };

  test('web and worker may call what their code calls, and nothing else', async () => {
    // "vidgen doctor" runs with the rights of the process that it is about.
    const may = {
      vidgen_web: calledIn('src', 'cli'),
      vidgen_worker: calledIn('worker', 'cli', 'src'),
    };
    for (const [role, isCalled] of Object.entries(may)) {
      const granted = await as(
        owner,
        `select proname as name from pg_proc where pronamespace = 'api'::regnamespace
           and prosecdef and has_function_privilege('${role}', oid, 'execute')`,
      );
      assert.ok(granted.length > 30, role);
      for (const { name } of granted) assert.ok(isCalled(name), `${role} calls ${name} nowhere`);
      const names = granted.map(({ name }) => name);
      for (const { tried } of await everythingIn('api')) {
        const name = /api\.(\w+)/.exec(tried)?.[1] ?? '';
        // What is pure reads no table: it raises, returns its argument, or takes a lock. What queues a task runs
        // as the worker, which has the queue anyway.
        const isQueues = role === 'vidgen_worker' && /^(de|en)queue/.test(name);
        if (names.includes(name) || isPure(name) || isQueues) continue;
        await assert.rejects(as(role === 'vidgen_web' ? web : worker, tried), denied, tried);
      }
    }
    const forgotten = await as(
      owner,
      `select proname as name from pg_proc where pronamespace = 'api'::regnamespace and prosecdef
         and not has_function_privilege('vidgen_web', oid, 'execute')
         and not has_function_privilege('vidgen_worker', oid, 'execute')`,
    );
    const isCalled = calledIn('src', 'worker');
    assert.deepEqual(
      forgotten.filter(({ name }) => isCalled(name)),
      [],
      'to be granted in admin.grant_rights',
    );
    const own = async (role: string, names: string[]) =>
      (
        await as(
          owner,
          `select proname as name from pg_proc where pronamespace = 'api'::regnamespace
        and proname = any ('{${names}}') and has_function_privilege('${role}', oid, 'execute')`,
        )
      ).length;
    assert.equal(await own('vidgen_worker', ['admit', 'create_job', 'find_media', 'list_jobs']), 0);
    assert.equal(await own('vidgen_web', ['claim_job', 'tidy', 'unsealed_secrets']), 0);
  });

  const isPure = (name: string) =>
    /^(raise|lanes)_/.test(name) ||
    ['flat_json', 'iso8601', 'lock_host', 'with_metadata'].includes(name);

  test('vidgen_operator sees every view and may call every function of admin', async () => {
    const views = await as(owner, `select viewname from pg_views where schemaname = 'admin'`);
    for (const { viewname } of views) await as(operator, `select * from admin.${viewname}`);
    const refusals = [
      `select admin.rotate_api_key('x')`,
      `select admin.rotate_webhook_secret('x', 'sealed:x:y')`,
      `select admin.rename_key('x', 'y')`,
      `select admin.set_limits('x', null, null, null)`,
      `select admin.deactivate_api_key('x')`,
      `select admin.activate_api_key('x')`,
      `select admin.retry_job('x')`,
      `select admin.cancel_job('x')`,
      `select admin.fail_job('x', 'why')`,
      `select admin.purge_job('x')`,
      `select admin.purge_key('x')`,
      `select admin.redeliver_webhook('x')`,
    ];
    for (const call of refusals) await assert.rejects(as(operator, call), { code: 'VG404' }, call);
    const done = [
      'grant_rights()',
      'new_api_key_id()',
      'pause_queue()',
      'resume_queue()',
      `redeliver_since('1 hour')`,
      `retry_since('1 hour')`,
      'expiring()',
      'near_limits()',
    ];
    for (const call of done) await as(operator, `select admin.${call}`);
    const all = await as(
      owner,
      `select proname as name from pg_proc where pronamespace = 'admin'::regnamespace order by 1`,
    );
    const called = [...refusals, ...done, 'select admin.create_api_key('];
    assert.deepEqual(
      all.filter(({ name }) => !called.some((call) => call.includes(`${name}(`))),
      [],
      'a function that nobody calls here',
    );
  });

  test('the page for operators reads as vidgen_operator and writes nothing', async (t) => {
    const reading = createOperatorDb(owner);
    t.after(() => reading.close());
    const db = await reading.get();
    const who = await db.first(sql<{ who: string }>`select current_user as who`);
    assert.equal(who?.who, 'vidgen_operator');
    await assert.rejects(db.run(sql`select from vidgen.job`), denied);
    await assert.rejects(db.run(sql`select admin.pause_queue()`), { code: '25006' });

    const OpsPassword = 'a password for operators';
    const headers = {
      Authorization: `Basic ${Buffer.from(`any:${OpsPassword}`).toString('base64')}`,
    };
    const asWeb = await startService(t, { databaseUrl: web, env: { OPS_PASSWORD: OpsPassword } });
    const refused = await asWeb.call('/ops', undefined, { headers });
    assert.equal(refused.status, 503);
    assert.match(
      await refused.text(),
      /must set OPS_DATABASE_URL to a login of the role vidgen_operator/,
    );
    const env = { OPS_PASSWORD: OpsPassword, OPS_DATABASE_URL: operator };
    const both = await startService(t, { databaseUrl: web, env });
    assert.equal((await both.call('/ops', undefined, { headers })).status, 200);
  });

  test('vidgen_operator sees no table and calls nothing else', async () => {
    for (const schema of ['vidgen', 'api', 'graphile_worker'])
      for (const { tried } of await everythingIn(schema))
        await assert.rejects(as(operator, tried), denied, tried);
  });

  test('a migration that loads the functions anew leaves the roles as they were', async () => {
    await onServer(owner, `delete from vidgen.migration where name = 'routines'`);
    assert.equal((await migrate(owner)).routinesReloaded, true);
    await as(operator, 'select * from admin.jobs');
    await as(operator, 'select admin.pause_queue()');
    await as(worker, 'select api.tidy()');
    await assert.rejects(as(web, 'select * from admin.jobs'), denied);
  });
});
