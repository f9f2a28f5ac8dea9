import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { call } from '../../src/postgres/call.ts';
import { migrate } from '../../src/postgres/migrate.ts';
import { type Cleanup, inReverse } from '../support/database.ts';
import { startOwnCluster } from '../support/own_cluster.ts';
import { databaseOn, onServer } from '../support/server.ts';
import { startService } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';
import { openPage } from './page.ts';

const dump = spawnSync('pg_dump', ['--version'], { encoding: 'utf8' });
const noDump = dump.status !== 0 && !process.env.CI && 'there is no pg_dump';

/** A server that this machine's pg_dump can read: the one of its own version, else the tests' server. */
async function serverOfPgDump(t: { after(clean: () => unknown): void }): Promise<string> {
  const major = /(\d+)/.exec(dump.stdout)?.[1];
  const beside = dirname(
    realpathSync(spawnSync('which', ['pg_dump'], { encoding: 'utf8' }).stdout.trim()),
  );
  const binaries = [`/usr/lib/postgresql/${major}/bin`, beside].find((folder) =>
    existsSync(join(folder, 'initdb')),
  );
  if (!binaries) return process.env.TEST_SERVER_URL ?? '';
  const folder = await mkdtemp(join(tmpdir(), 'vidgen-backup-'));
  await chmod(folder, 0o711);
  t.after(() => rm(folder, { recursive: true, force: true }));
  const program = (name: string) => join(binaries, name);
  const { url, stop } = await startOwnCluster(
    join(folder, 'postgres'),
    { fsync: 'off' },
    { initdb: program('initdb'), postgres: program('postgres'), pg_ctl: program('pg_ctl') },
  );
  t.after(stop);
  return url;
}

/** Lets the script of compose.yaml make an owner for the database that is not a superuser. */
async function giveOwner(url: string, cleanup: Cleanup): Promise<string> {
  const { configs } = parse(await readFile('compose.yaml', 'utf8'));
  const { username, password, hostname, port, pathname } = new URL(url);
  const folder = await mkdtemp(join(tmpdir(), 'vidgen-owner-'));
  cleanup.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'owner_password'), `of-'owner'\n`);
  const script = configs.owner.content
    .replaceAll('$$', '$')
    .replaceAll('/run/secrets', folder)
    // Roles belong to the server, which another run may use too.
    .replaceAll('vidgen_owner', pathname.slice(1));
  execFileSync('sh', ['-ec', script], {
    stdio: 'pipe',
    env: {
      ...{ PATH: process.env.PATH, PGHOST: hostname, PGPORT: port, PGPASSWORD: password },
      ...{ POSTGRES_USER: username, POSTGRES_DB: pathname.slice(1) },
    },
  });
  const owner = { username: pathname.slice(1), password: `of-'owner'` };
  return Object.assign(new URL(url), owner).href;
}

test('what pg_dump took and pg_restore gave back is a service that works', {
  skip: noDump,
}, async (t: TestContext) => {
  const cleanup = inReverse(t);
  const server = await serverOfPgDump(cleanup);
  const database = async () => {
    const name = `vidgen_backup_${randomBytes(4).toString('hex')}`;
    cleanup.after(() => onServer(server, `drop role if exists ${name}`));
    await onServer(server, `create database ${name}`);
    cleanup.after(() => onServer(server, `drop database ${name} with (force)`));
    return databaseOn(server, name);
  };
  const [databaseUrl, restoredUrl] = [await giveOwner(await database(), cleanup), await database()];
  await migrate(databaseUrl);
  await assert.rejects(onServer(databaseUrl, 'create database another'), /permission denied/);
  const service = await startService(cleanup, { databaseUrl, worker: true });
  const [done, waiting] = [await service.createKey(), await service.createKey()];
  const made = (await (await service.submit(done, await tinyInputs())).json()) as { jobId: string };
  const before = await service.until(done, made.jobId, 'COMPLETED');
  const bytes = async (url: string | null) =>
    Buffer.from(await (await fetch(url ?? '')).arrayBuffer());
  const video = await bytes(before.outputVideo);
  await call(service.db, 'admin.pause_queue');
  const queued = (await (await service.submit(waiting, await tinyInputs())).json()) as {
    jobId: string;
  };

  const folder = await mkdtemp(join(tmpdir(), 'vidgen-dump-'));
  cleanup.after(() => rm(folder, { recursive: true }));
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    RESTORED_URL: restoredUrl,
  };
  const page = await openPage('backup', env, cleanup, folder);
  const printed = await page.rest();
  assert.match(printed.at(-1) ?? '', /^ok {7}Secrets: all sealed/m);

  const restored = await startService(cleanup, { databaseUrl: restoredUrl, worker: true });
  await call(restored.db, 'admin.resume_queue');
  const after = await restored.until(done, made.jobId, 'COMPLETED');
  assert.deepEqual(await bytes(after.outputVideo), video);
  await restored.until(waiting, queued.jobId, 'COMPLETED');
  assert.equal((await restored.submit(done, await tinyInputs())).status, 201);
  await call(service.db, 'admin.resume_queue');
});
