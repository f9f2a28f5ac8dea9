import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, describe, test } from 'node:test';
import pg from 'pg';
import { migrate } from '../../src/postgres/migrate.ts';
import { createDatabase, suiteCleanup } from '../support/database.ts';
import { onServer } from '../support/server.ts';
import { startService } from '../support/service.ts';

/** Who logs in as one of the two roles can do its work, and nothing beside. */
describe('the roles of sql/roles.sql', () => {
  const cleanup = suiteCleanup();
  let owner: string;
  let app: string;
  let operator: string;
  before(async () => {
    const roles = await readFile('sql/roles.sql', 'utf8');
    const server = process.env.TEST_SERVER_URL ?? '';
    const { url, name } = await createDatabase(cleanup);
    owner = url;
    await onServer(owner, roles);
    await onServer(owner, roles); // again after each migration
    const login = async (role: string) => {
      const user = `${name}_${role}`;
      await onServer(server, `create role ${user} login password 'secret' in role vidgen_${role}`);
      cleanup.after(() => onServer(server, `drop role if exists ${user}`));
      return Object.assign(new URL(owner), { username: user, password: 'secret' }).href;
    };
    [app, operator] = [await login('app'), await login('operator')];
  });
  const as = async (url: string, statement: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(statement)).rows;
    } finally {
      await client.end();
    }
  };
  const denied = { code: '42501' };

  test('vidgen_app runs web and worker: a job from the upload to the video', async (t) => {
    const service = await startService(t, { databaseUrl: app, worker: true });
    const [made] = await as(
      operator,
      `select id, api_key as "apiKey", webhook_secret as "webhookSecret", 'one' as name from admin.create_api_key('one')`,
    );
    const submitted = await service.submit(made);
    assert.equal(submitted.status, 201, await submitted.clone().text());
    const { jobId } = (await submitted.json()) as { jobId: string };
    const job = await service.until(made, jobId, 'COMPLETED');
    const video = await fetch(job.outputVideo ?? '');
    assert.equal(video.status, 200);
    await video.body?.cancel();
    assert.equal((await service.call('/api/ready')).status, 200);
    await as(app, 'select api.tidy()');
  });

  test('vidgen_app neither administers nor migrates', async () => {
    const admins = await as(
      owner,
      `select format('select from admin.%I', viewname) as tried from pg_views where schemaname = 'admin'
       union all
       select format('select admin.%I(%s)', p.proname,
         (select string_agg(format('null::%s', format_type(t, null)), ', ') from unnest(p.proargtypes::oid[]) t))
       from pg_proc p where p.pronamespace = 'admin'::regnamespace`,
    );
    assert.ok(admins.length > 20);
    for (const { tried } of admins) await assert.rejects(as(app, tried), denied, tried);
    await assert.rejects(as(app, 'drop table vidgen.job'), denied);
    await assert.rejects(as(app, 'truncate vidgen.job cascade'), denied);
    await assert.rejects(as(app, 'alter table vidgen.job disable trigger all'), denied);
    await assert.rejects(as(app, `delete from vidgen.migration`), denied);
    await assert.rejects(as(app, `create function api.mine() returns int return 1`), denied);
  });

  test('vidgen_operator sees every view and may call every function of admin', async () => {
    const views = await as(owner, `select viewname from pg_views where schemaname = 'admin'`);
    for (const { viewname } of views) await as(operator, `select * from admin.${viewname}`);
    const refusals = [
      `select admin.rotate_api_key('x')`,
      `select admin.rotate_webhook_secret('x')`,
      `select admin.deactivate_api_key('x')`,
      `select admin.activate_api_key('x')`,
      `select admin.retry_job('x')`,
      `select admin.fail_job('x', 'why')`,
      `select admin.purge_job('x')`,
      `select admin.redeliver_webhook('x')`,
    ];
    for (const call of refusals) await assert.rejects(as(operator, call), { code: 'VG404' }, call);
    const done = ['pause_queue()', 'resume_queue()', 'redeliver_since(now())'];
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

  test('vidgen_operator sees no table and calls nothing else', async () => {
    await assert.rejects(as(operator, 'select webhook_secret from vidgen.api_key'), denied);
    await assert.rejects(as(operator, 'select api.tidy()'), denied);
    await assert.rejects(as(operator, 'select * from graphile_worker.jobs'), denied);
  });

  test('a migration that loads the functions anew leaves the roles as they were', async () => {
    await onServer(owner, `delete from vidgen.migration where name = 'routines'`);
    assert.equal((await migrate(owner)).routinesReloaded, true);
    await as(operator, 'select * from admin.jobs');
    await as(operator, 'select admin.pause_queue()');
    await as(app, 'select api.tidy()');
    await assert.rejects(as(app, 'select * from admin.jobs'), denied);
  });
});
