import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { openDb } from '../../src/postgres/db.ts';
import { migrate } from '../../src/postgres/migrate.ts';
import type { Files } from '../../src/process/files.ts';
import { projectFiles } from '../../src/process/project_files.ts';
import { openBlobStore } from '../../src/storage/open.ts';
import { createEmptyDatabase, inReverse } from '../support/database.ts';
import { onServer, secretsKey } from '../support/server.ts';
import { clientOf, createJob, type Key, startService } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';
import { checkout, lastRelease } from './last_release.ts';
import { deployment } from './processes.ts';

/** A next release in which two functions return one more column. */
const expanded = new Map([
  ['sql/api/find_media.sql', [/share_expires_at timestamptz/, /j\.share_expires_at/]],
  ['sql/api/stat_blob.sql', [/object_key text/, /content_type, object_key/]],
]);
const nextRelease: Files = {
  names: projectFiles.names,
  read: (name) => {
    const [declared, selected] = expanded.get(name) ?? [];
    const text = projectFiles.read(name).toString();
    if (!declared || !selected) return Buffer.from(text);
    return Buffer.from(text.replace(declared, '$&, added text').replace(selected, "$&, 'more'"));
  },
};

test('a process keeps answering while the functions of the next release are loaded, and afterwards', async (t) => {
  const service = await startService(t);
  const key = await service.createKey();
  const busy = await service.createKey();
  const jobId = await createJob(service.db, busy.id);
  const requests: [status: number, method: string, path: string][] = [
    [200, 'GET', '/api/ready'],
    [200, 'GET', '/api/jobs'],
    [200, 'GET', `/api/status/${jobId}`],
    [200, 'GET', `/api/jobs/${jobId}/webhooks`],
    [409, 'POST', '/api/jobs'],
    [404, 'GET', '/share/nothing'],
    [404, 'GET', '/media/nothing/video.mp4'],
  ];
  const { image } = await tinyInputs();
  const store = openBlobStore(service.databaseUrl, { connections: 1 });
  t.after(() => store.close());
  let running = true;
  let answered = 0;
  const client = async (ask: () => Promise<void>) => {
    // Loading takes a second: time for dozens of requests of each, without taking all of the machine.
    for (; running; await delay(20)) {
      await ask();
      answered += 1;
    }
  };
  const asks = (status: number, send: () => Promise<Response>) =>
    client(async () => {
      const answer = await send();
      assert.equal(answer.status, status, `${answer.url}: ${await answer.text()}`);
    });
  const clients = [
    ...requests.map(([status, method, path]) =>
      asks(status, () => service.call(path, busy, { method })),
    ),
    // Stores a picture, and deletes it because the audio is missing.
    asks(400, () => service.submit(key, { image })),
    client(async () => assert.equal(await store.stat('nothing'), null)),
  ];
  const everybody = Promise.all(clients);
  // Each client gets answers before the first time, between each two, and after the last.
  const someAnswers = async () => {
    const enough = answered + 5 * clients.length;
    while (answered < enough) await Promise.race([everybody, delay(10)]);
  };
  for (const release of [nextRelease, projectFiles]) {
    await someAnswers();
    const { routinesReloaded } = await migrate(service.databaseUrl, { files: release });
    assert.ok(routinesReloaded);
  }
  await someAnswers();
  running = false;
  await everybody;
  const cancelled = await service.call(`/api/jobs/${jobId}`, busy, { method: 'DELETE' });
  assert.equal(cancelled.status, 200);
  assert.equal((await service.call('/api/jobs', key)).status, 200);
});

test('a process of the last release, or before the first of the last commit, works on after the migration', async (t) => {
  const cleanup = inReverse(t);
  const folder = await checkout(cleanup, lastRelease() ?? 'HEAD');
  const { url: databaseUrl } = await createEmptyDatabase(cleanup);
  const { url, env } = await deployment({
    DATABASE_URL: databaseUrl,
    SECRETS_KEY: secretsKey,
    LOG_LEVEL: 'warn',
  });
  const child = spawn(process.execPath, ['--import', 'tsx', 'cli/vidgen.ts', 'start'], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  cleanup.after(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  for await (const line of createInterface(child.stdout)) if (line.includes('listens')) break;
  const db = openDb(databaseUrl, { max: 1 });
  cleanup.after(() => db.close());
  const client = clientOf(url, db);
  const make = async (key: Key) => {
    const submitted = await client.submit(key, await tinyInputs());
    assert.equal(submitted.status, 201, await submitted.clone().text());
    const { jobId } = (await submitted.json()) as { jobId: string };
    return client.until(key, jobId, 'COMPLETED');
  };
  const key = await client.createKey('of the release');
  const before = await make(key);
  await migrate(databaseUrl);
  const after = await make(key);
  for (const address of [before.outputVideo, after.outputVideo, after.outputShareLink])
    assert.equal((await fetch(address ?? '')).status, 200, address ?? '');
  for (const path of [
    '/api/jobs',
    `/api/jobs/${before.jobId}`,
    `/api/jobs/${after.jobId}/webhooks`,
  ])
    assert.equal((await client.call(path, key)).status, 200, path);
  child.kill('SIGTERM');
  assert.deepEqual(await exited, [0, null]);
});

test('everybody gets the rows of his own query, also while what a function returns is changed', async (t) => {
  const { url } = await createEmptyDatabase(t);
  const db = openDb(url, { max: 1 });
  t.after(() => db.close());
  const change = (columns: string, values: string) =>
    onServer(
      url,
      `begin; drop function if exists echo(int);
      create function echo(n int) returns table (${columns}) language sql as $$ select ${values} $$; commit`,
    );
  await change('echoed int', 'n');
  let running = true;
  let answered = 0;
  const ask = async (who: number) => {
    for (; running; answered += 1) {
      const n = answered * 100 + who;
      const [called, plain] = await Promise.all([
        db.first(sql<{ echoed: number }>`select * from echo(${n})`),
        db.first(sql<{ plain: number }>`select ${n}::int as plain`),
      ]);
      assert.deepEqual([called?.echoed, plain?.plain], [n, n]);
    }
  };
  const everybody = Promise.all(Array.from({ length: 8 }, (_, who) => ask(who)));
  for (let release = 1; release <= 6; release++) {
    const enough = answered + 25;
    while (answered < enough) await Promise.race([everybody, delay(5)]);
    if (release % 2) await change('echoed int, more text', `n, 'more'`);
    else await change('echoed int', 'n');
  }
  running = false;
  await everybody;
});
