import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import pg from 'pg';
import { clusterIn, loadBinaries } from '../../src/embedded_postgres/cluster.ts';
import { tryLock } from '../../src/embedded_postgres/file_lock.ts';
import { type EmbeddedPostgres, openEmbeddedPostgres } from '../../src/embedded_postgres/open.ts';
import { stopServer } from '../../src/embedded_postgres/server.ts';
import { migrate } from '../../src/postgres/migrate.ts';
import { startOwnCluster } from '../support/own_cluster.ts';
import { until } from '../support/until.ts';
import { quick } from './database_user.ts';

// One folder for all tests: each finds the database stopped, as the test before left it.
let dataDir: string;

before(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'embedded-'));
});
after(async () => {
  // A failed test may have left a server.
  const binaries = await loadBinaries();
  for (const folder of [dataDir, join(dataDir, 'fresh')])
    await stopServer(clusterIn(join(folder, 'postgres'), binaries));
  await rm(dataDir, { recursive: true, force: true });
});

test('a new folder becomes a database of UTF-8 that only its password opens', async (t) => {
  const messages: string[] = [];
  const database = await open(t, (message) => messages.push(message));
  assert.equal(database.started, true);
  assert.match(messages.join(), /Preparing the database/);
  const [shown] = await query(
    database.addresses.owner,
    `select current_setting('server_encoding') as encoding, datcollate as collation,
            current_setting('listen_addresses') as addresses,
            current_setting('password_encryption') as passwords
       from pg_database where datname = current_database()`,
  );
  assert.deepEqual(shown, {
    encoding: 'UTF8',
    collation: 'C',
    addresses: '127.0.0.1',
    passwords: 'scram-sha-256',
  });
  const postmaster = await readFile(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8');
  assert.equal(postmaster.split('\n')[4], '', 'no socket that other users could open');
  const stranger = new URL(database.addresses.owner);
  stranger.password = 'guessed';
  await assert.rejects(query(stranger.href, 'select 1'), /password authentication failed/);
  for (const file of ['logins', 'server.log']) {
    assert.equal((await stat(join(dataDir, 'postgres', file))).mode & 0o777, 0o600, file);
  }
});

test('nobody is a superuser, and each process may log in as its role', async (t) => {
  const { addresses } = await open(t);
  for (const [login, address] of Object.entries(addresses))
    assert.deepEqual(
      await query(
        address,
        `select current_user::text as "user", rolsuper or rolcreaterole or rolcreatedb or rolbypassrls as mighty
         from pg_roles where rolname = current_user`,
      ),
      [{ user: `vidgen_${login}`, mighty: false }],
    );
  assert.deepEqual(
    await query(addresses.owner, 'select rolname from pg_roles where rolsuper and rolcanlogin'),
    [],
  );
  await assert.rejects(stat(join(dataDir, 'postgres', 'password')), 'the superuser has none');
  for (const login of ['web', 'worker', 'operator'] as const)
    for (const making of ['create temporary table mine ()', 'select lo_create(0)'])
      await assert.rejects(query(addresses[login], making), /permission denied/, making);
});

test('a folder of an earlier release keeps its data, which changes hands', async (t) => {
  const folder = await mkdtemp(join(dataDir, 'earlier-'));
  await chmod(folder, 0o711);
  // There, the superuser owned everything, with or without the roles of "vidgen roles --apply".
  const earlier = await startOwnCluster(join(folder, 'postgres'), quick);
  await migrate(earlier.url, { roles: true });
  await query(earlier.url, 'create table public.note as select 42 as answer');
  await query(earlier.url, `select admin.create_api_key('kept')`);

  const inUse = tryLock(join(folder, 'users.lock'), 'shared');
  const start = () => openEmbeddedPostgres({ dataDir: folder, settings: quick, log: () => {} });
  await assert.rejects(
    start,
    /^Error: An earlier release of VidGen is running on .*: stop it first/,
  );
  inUse?.release();
  // Its process was killed, and left the server.
  const { addresses, started, stop } = await start();
  t.after(stop);
  assert.equal(started, true);
  await assert.rejects(query(earlier.url, 'select 1'));
  await migrate(addresses.owner, { roles: true });
  assert.deepEqual(await query(addresses.owner, 'select answer from note'), [{ answer: 42 }]);
  assert.deepEqual(await query(addresses.operator, 'select name from admin.api_keys'), [
    { name: 'kept' },
  ]);
  for (const login of ['web', 'worker'] as const)
    await query(addresses[login], 'select api.applied_migrations()');
  assert.deepEqual(
    await query(
      addresses.owner,
      `select relname from pg_class where relowner = 10 and relnamespace::regnamespace::text
         in ('vidgen', 'api', 'admin', 'graphile_worker', 'public')`,
    ),
    [],
  );
});

test('the log keeps silent about statements that fail', async (t) => {
  const database = await open(t);
  await assert.rejects(
    query(database.addresses.owner, `select 'a-secret'::int`),
    /invalid input syntax/,
  );
  assert.doesNotMatch(await readFile(join(dataDir, 'postgres', 'server.log'), 'utf8'), /a-secret/);
});

test('the data survives a restart, and twice stopped is stopped once', async () => {
  const first = await openEmbeddedPostgres({ dataDir, settings: quick, log: () => {} });
  await query(first.addresses.owner, 'create table kept as select 42 as answer');
  await Promise.all([first.stop(), first.stop()]);
  await assert.rejects(query(first.addresses.owner, 'select 1'), /ECONNREFUSED/);
  const second = await openEmbeddedPostgres({ dataDir, settings: quick, log: () => {} });
  assert.deepEqual(await query(second.addresses.owner, 'select answer from kept'), [
    { answer: 42 },
  ]);
  await second.stop();
});

test('a second owner is refused, a guest is not', async (t) => {
  const owner = await use(t, 'owner');
  const refused = await use(t, 'owner');
  assert.match(refused.refusal ?? '', /already running on .*: stop it first, or set DATA_DIR/);
  const guest = await use(t, 'guest');
  assert.deepEqual([guest.url, guest.started], [owner.url, false]);
  await guest.end('stop');
  assert.deepEqual(await query(owner.url, 'select 1 as one'), [{ one: 1 }]);
  await owner.end('stop');
  await assert.rejects(query(owner.url, 'select 1'), /ECONNREFUSED/);
});

test('the server of a killed owner is adopted by the next, and stops with it', async (t) => {
  const owner = await use(t, 'owner');
  const pid = await serverPid();
  await owner.end('SIGKILL');
  const next = await use(t, 'owner');
  assert.deepEqual([next.url, next.started, await serverPid()], [owner.url, false, pid]);
  await next.end('stop');
  await assert.rejects(query(next.url, 'select 1'), /ECONNREFUSED/);
});

test('a killed server comes back at the same address while its owner lives', async (t) => {
  const owner = await use(t, 'owner');
  const pid = await serverPid();
  await query(owner.url, 'create table before_the_kill as select 7 as number');
  process.kill(pid, 'SIGKILL');
  await until(
    'it runs anew',
    async () => (await serverPid()) !== pid && (await answers(owner.url)),
  );
  assert.deepEqual(await query(owner.url, 'select number from before_the_kill'), [{ number: 7 }]);
  await owner.end('stop');
});

test('owner and server killed together: the next finds all that was committed', async (t) => {
  const owner = await use(t, 'owner');
  await query(owner.url, 'create table committed as select 1 as row');
  const pid = await serverPid();
  await owner.end('SIGKILL');
  await killServer(pid, owner.url);
  const next = await use(t, 'owner');
  assert.equal(next.started, true);
  assert.deepEqual(await query(next.url, 'select row from committed'), [{ row: 1 }]);
  await next.end('stop');
});

test('an owner that crashes, or dies of a signal, takes its server along', async (t) => {
  for (const how of ['crash', 'SIGTERM'] as const) {
    const owner = await use(t, 'owner');
    await owner.end(how);
    await until('it has stopped', async () => !(await answers(owner.url)));
  }
});

test('simultaneous users share one server, and the last to leave stops it', async (t) => {
  const all = await Promise.all([use(t, 'guest'), use(t, 'guest'), use(t, 'owner')]);
  assert.equal(new Set(all.map((user) => user.url)).size, 1);
  assert.equal(all.filter((user) => user.started).length, 1);
  // The process that started the server stops first.
  const [starter, second, last] = all.sort((a, b) => Number(b.started) - Number(a.started));
  await starter?.end('stop');
  await second?.end('SIGKILL');
  assert.equal(await answers(last?.url), true);
  await last?.end('stop');
  assert.equal(await answers(last?.url), false);
});

test('two at once on a new folder make one database', async (t) => {
  const fresh = join(dataDir, 'fresh');
  const [one, other] = await Promise.all([use(t, 'guest', fresh), use(t, 'owner', fresh)]);
  assert.equal(one.url, other.url);
  await Promise.all([one.end('stop'), other.end('stop')]);
  assert.equal(await answers(one.url), false);
});

test('while others know its address, a server restarts there, whoever starts it', async (t) => {
  const guest = await use(t, 'guest');
  const pid = await serverPid();
  await killServer(pid, guest.url);
  const next = await use(t, 'guest');
  assert.equal(next.url, guest.url);
  assert.notEqual(await serverPid(), pid);
  await Promise.all([guest.end('stop'), next.end('stop')]);
});

test('a port that went to another program is given up when nobody knows it', async (t) => {
  const port = Number(await readFile(join(dataDir, 'postgres', 'port'), 'utf8'));
  const other = createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');
  t.after(() => other.close());
  const database = await open(t);
  assert.notEqual(new URL(database.addresses.owner).port, `${port}`);
});

test('a process number that belongs to another by now does not stand in the way', async (t) => {
  const left = [
    process.pid,
    join(dataDir, 'postgres', 'data'),
    1,
    5432,
    '',
    '127.0.0.1',
    '',
    'ready',
  ];
  await writeFile(join(dataDir, 'postgres', 'data', 'postmaster.pid'), left.join('\n'));
  const database = await open(t);
  assert.equal(database.started, true);
});

test('a server that cannot start says why in a sentence', async () => {
  const settings = { ...quick, shared_buffers: 'plenty' };
  await assert.rejects(
    openEmbeddedPostgres({ dataDir, settings, log: () => {} }),
    /^Error: The embedded PostgreSQL did not start: .*shared_buffers/,
  );
});

const root = process.getuid?.() === 0;

test('a folder that the server cannot enter is named', { skip: !root }, async () => {
  const closed = join(dataDir, 'closed');
  await mkdir(closed, { mode: 0o700 });
  await chmod(closed, 0o700);
  await assert.rejects(
    openEmbeddedPostgres({ dataDir: join(closed, 'data'), settings: quick, log: () => {} }),
    (error: Error) => error.message.includes(`run "chmod o+x ${closed}"`),
  );
});

async function open(t: TestContext, log = (_: string) => {}): Promise<EmbeddedPostgres> {
  const database = await openEmbeddedPostgres({ dataDir, settings: quick, log });
  t.after(database.stop);
  return database;
}

interface User {
  url: string;
  started: boolean;
  refusal?: string;
  /** Tells the process to stop or crash, or sends it a signal, and waits for its end. */
  end(how: 'stop' | 'crash' | NodeJS.Signals): Promise<void>;
}

/** A separate process that opens the database and keeps it open. */
async function use(t: TestContext, role: 'owner' | 'guest', folder = dataDir): Promise<User> {
  const program = join(import.meta.dirname, 'database_user.ts');
  const child: ChildProcess = fork(program, [folder, role], { silent: true });
  const exit = once(child, 'exit');
  t.after(() => child.kill('SIGKILL'));
  const [answer] = await once(child, 'message');
  const end: User['end'] = async (how) => {
    if (how === 'stop' || how === 'crash') child.send(how);
    else child.kill(how);
    await exit;
  };
  return { ...answer, end };
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

async function answers(url = ''): Promise<boolean> {
  return query(url, 'select 1').then(
    () => true,
    () => false,
  );
}

/** It dies a little after the signal, and is still found until then. */
async function killServer(pid: number, url: string): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await until('it is dead', async () => !(await answers(url)));
}

async function serverPid(): Promise<number> {
  const path = join(dataDir, 'postgres', 'data', 'postmaster.pid');
  return Number((await readFile(path, 'utf8').catch(() => '0')).split('\n')[0]);
}
