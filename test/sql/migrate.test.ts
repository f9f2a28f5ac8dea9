import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { MigrationError, migrate, migrationState } from '../../src/postgres/migrate.ts';
import { type Files, filesBelow } from '../../src/process/files.ts';
import { createDatabase, createEmptyDatabase } from '../support/database.ts';
import { generate } from '../support/generated.ts';

/** A copy of sql/ that a test may change. */
async function copyOfSql(t: TestContext): Promise<{ files: Files; folder: string }> {
  const root = await mkdtemp(join(tmpdir(), 'vidgen-sql-'));
  t.after(() => rm(root, { recursive: true }));
  await cp('sql', join(root, 'sql'), { recursive: true });
  return { files: filesBelow(pathToFileURL(`${root}/`)), folder: join(root, 'sql') };
}

async function connect(t: TestContext, url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  t.after(() => client.end());
  return client;
}

const objects = `select string_agg(n.nspname || '.' || p.proname || ':' || p.oid, ',' order by p.oid) as all
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname in ('api', 'admin', 'vidgen')`;

test('a new database gets everything, twice does nothing', async (t) => {
  const { url } = await createEmptyDatabase(t);
  const files = (await readdir('sql/migrations')).sort().map((name) => `migrations/${name}`);
  assert.deepEqual(await migrationState(url), { pending: files, newer: [] });
  assert.deepEqual(await migrate(url), { migrations: files, routinesReloaded: true });
  assert.deepEqual(await migrationState(url), { pending: [], newer: [] });
  const client = await connect(t, url);
  const before = (await client.query(objects)).rows;
  assert.deepEqual(await migrate(url), { migrations: [], routinesReloaded: false });
  assert.deepEqual((await client.query(objects)).rows, before);
});

test('what a newer version has migrated is left to that one', async (t) => {
  const { url } = await createDatabase(t);
  const { files, folder } = await copyOfSql(t);
  await writeFile(join(folder, 'migrations/9999_new.sql'), 'create table vidgen.extra (id int);\n');
  await migrate(url, { files });
  assert.deepEqual((await migrationState(url)).newer, ['migrations/9999_new.sql']);
  const client = await connect(t, url);
  const before = (await client.query(objects)).rows;
  await assert.rejects(
    migrate(url),
    /^Error: A newer version has migrated this database \(migrations\/9999_new\.sql\): /,
  );
  assert.deepEqual((await client.query(objects)).rows, before);
});

test('twenty at once do no harm', async (t) => {
  const { url } = await createEmptyDatabase(t);
  const all = await Promise.all(Array.from({ length: 20 }, () => migrate(url)));
  assert.equal(all.filter((done) => done.routinesReloaded).length, 1);
});

test('a broken file rolls everything back and is named with its line', async (t) => {
  const { url } = await createDatabase(t);
  const { files, folder } = await copyOfSql(t);
  await writeFile(join(folder, 'migrations/9999_new.sql'), 'create table vidgen.extra (id int);\n');
  await writeFile(
    join(folder, 'api/zz_broken.sql'),
    '-- one\n-- two\ncreate function api.zz_broken() retruns int;\n',
  );
  const client = await connect(t, url);
  const before = (await client.query(objects)).rows;
  await assert.rejects(migrate(url, { files }), (error: unknown) => {
    assert.ok(error instanceof MigrationError);
    assert.match(error.message, /^sql\/api\/zz_broken\.sql:3: syntax error/);
    return true;
  });
  assert.deepEqual((await client.query(objects)).rows, before);
  assert.deepEqual((await client.query("select to_regclass('vidgen.extra') as extra")).rows, [
    { extra: null },
  ]);
});

test('an edited old migration is refused', async (t) => {
  const { url } = await createDatabase(t);
  const { files, folder } = await copyOfSql(t);
  const file = join(folder, 'migrations/0001_init.sql');
  await writeFile(file, `${await readFile(file, 'utf8')}\n-- a small change\n`);
  await assert.rejects(migrate(url, { files }), /0001_init\.sql was edited after it was applied/);
});

test('functions are reloaded under callers: a changed signature replaces, a removed file removes', async (t) => {
  const { url } = await createDatabase(t);
  const { files, folder } = await copyOfSql(t);
  await writeFile(
    join(folder, 'api/iso8601.sql'),
    "create function api.iso8601(at timestamptz, zone text default 'UTC') returns text language sql stable as $$ select 'new' $$;",
  );
  await writeFile(
    join(folder, 'api/added.sql'),
    'create function api.added() returns int language sql as $$ select 1 $$;',
  );
  const client = await connect(t, url);
  let running = true;
  const calls = (async () => {
    while (running) await client.query('select api.iso8601(now())');
  })();
  await migrate(url, { files });
  await rm(join(folder, 'api/added.sql'));
  await migrate(url, { files });
  running = false;
  await calls;
  assert.deepEqual((await client.query('select api.iso8601(now()) as at')).rows, [{ at: 'new' }]);
  assert.deepEqual((await client.query("select to_regproc('api.added') as added")).rows, [
    { added: null },
  ]);
});

test('a table that leans on a function of api stops the reload instead of losing something', async (t) => {
  const { url } = await createDatabase(t);
  const { files, folder } = await copyOfSql(t);
  await writeFile(
    join(folder, 'migrations/9998_leaning.sql'),
    'create table vidgen.leaning (at text default api.iso8601(now()));',
  );
  await assert.rejects(migrate(url, { files }), /9998_leaning\.sql:1: function api\.iso8601/);
});

test('every SQL function has its own file, a comment, and a body that Postgres accepts', async (t) => {
  const { url } = await createDatabase(t);
  const client = await connect(t, url);
  for (const schema of ['api', 'admin']) {
    const { rows } = await client.query<{ name: string; comment: string | null }>(
      `select p.proname as name, obj_description(p.oid, 'pg_proc') as comment from pg_proc p where p.pronamespace = $1::regnamespace
       union all select c.relname, obj_description(c.oid, 'pg_class') from pg_class c where c.relnamespace = $1::regnamespace and c.relkind = 'v'`,
      [schema],
    );
    const files = (await readdir(`sql/${schema}`)).map((name) => name.replace('.sql', ''));
    assert.deepEqual(rows.map((row) => row.name).sort(), files.sort());
    assert.deepEqual(
      rows.filter((row) => !row.comment).map((row) => `${schema}.${row.name}`),
      [],
    );
    for (const name of files) {
      const text = await readFile(`sql/${schema}/${name}.sql`, 'utf8');
      // Bodies are not checked while loading, because functions name each other in any order.
      await client.query(
        `begin; set local check_function_bodies = on; ${text.replace(/create (function|view)/, 'create or replace $1')}; rollback`,
      );
    }
  }
});

test('what is generated from the database is current: else run "npm run generate"', async (t) => {
  const { url } = await createDatabase(t);
  for (const [name, content] of Object.entries(await generate(url))) {
    assert.equal(await readFile(name, 'utf8'), content, `${name} is stale`);
  }
});
