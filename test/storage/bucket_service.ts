import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { call } from '../../src/postgres/call.ts';
import { freePort } from '../../src/process/free_port.ts';
import type { BlobStore } from '../../src/storage/blob_store.ts';
import { type BucketSettings, openBucket } from '../../src/storage/bucket.ts';
import { chunkBytes } from '../../src/storage/chunks.ts';
import { type Movable, moveToBucket, moveToDatabase } from '../../src/storage/move.ts';
import { openBlobStore } from '../../src/storage/open.ts';
import { openRows } from '../../src/storage/rows.ts';
import { partBytes } from '../../src/storage/s3.ts';
import { emptyTrash } from '../../worker/tasks/tidy_bucket.ts';
import { openPage } from '../docs/page.ts';
import { startVidgen, vidgen } from '../support/command.ts';
import { inReverse } from '../support/database.ts';
import { bucketClient, s3Environment } from '../support/s3_server.ts';
import { createKey, type Service, startService } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';
import { until } from '../support/until.ts';
import { inPieces } from './behaves.ts';

/** Tests of the service with a bucket. */
export function serviceWithBucket(server: () => BucketSettings): void {
  const objects = async () =>
    (await bucketClient(server()).listObjects('/', 'vidgen/'))?.length ?? 0;
  const places = async (service: Service) =>
    service.db.first(sql<{ inBucket: number; inDatabase: number; chunks: number }>`
      select count(*) filter (where object_key is not null)::int as "inBucket",
        count(*) filter (where object_key is null)::int as "inDatabase",
        (select count(*)::int from vidgen.blob_chunk) as chunks
      from vidgen.blob`);

  test('a job from its upload to its end, served by the service or by the bucket', async (t) => {
    const settings = server();
    const env = s3Environment(settings);
    const service = await startService(t, { worker: true, env });
    const key = await service.createKey();
    const submitted = await service.submit(key, await tinyInputs());
    const { jobId } = (await submitted.json()) as { jobId: string };
    const { outputVideo, outputShareLink } = await service.until(key, jobId, 'COMPLETED');
    assert.deepEqual(await places(service), { inBucket: 4, inDatabase: 0, chunks: 0 });
    assert.equal(await objects(), 4);

    const whole = await fetch(String(outputVideo));
    assert.equal(whole.status, 200);
    assert.equal(whole.redirected, false);
    const video = Buffer.from(await whole.arrayBuffer());
    assert.equal(video.toString('latin1', 4, 8), 'ftyp');
    const headers = { Range: 'bytes=10-99' };
    const range = await fetch(String(outputVideo), { headers });
    assert.equal(range.status, 206);
    assert.ok(Buffer.from(await range.arrayBuffer()).equals(video.subarray(10, 100)));

    const { databaseUrl } = service;
    const other = await startService(t, { databaseUrl, env: { ...env, S3_PUBLIC: 'presign' } });
    const address = other.url + new URL(String(outputVideo)).pathname;
    const redirect = await fetch(`${address}?download`, { redirect: 'manual' });
    assert.equal(redirect.status, 302);
    assert.equal(redirect.headers.get('Cache-Control'), 'no-store');
    const location = String(redirect.headers.get('Location'));
    assert.ok(location.startsWith(`${settings.endpoint}/${settings.name}/vidgen/`));
    assert.equal(new URL(location).searchParams.get('X-Amz-Expires'), '3600');
    assert.ok(!location.includes(settings.secretAccessKey));
    assert.equal((await fetch(location.replace(/.$/, (c) => (c === '0' ? '1' : '0')))).status, 403);
    const direct = await fetch(location);
    assert.equal(direct.headers.get('Content-Type'), 'video/mp4');
    assert.match(
      String(direct.headers.get('Content-Disposition')),
      /^attachment; filename="video-\d{4}-\d\d-\d\d\.mp4"$/,
    );
    assert.ok(Buffer.from(await direct.arrayBuffer()).equals(video));
    const part = await fetch(address, { headers });
    assert.ok(part.redirected);
    assert.ok(Buffer.from(await part.arrayBuffer()).equals(video.subarray(10, 100)));
    const read = await fetch(`${address}?read`, { redirect: 'error' });
    assert.ok(Buffer.from(await read.arrayBuffer()).equals(video), 'the page may read the sound');
    const sharePage = await (
      await fetch(other.url + new URL(String(outputShareLink)).pathname)
    ).text();
    assert.match(sharePage, /data-wave="[^"]+video\.mp4\?read"/);
    const head = await fetch(address, { method: 'HEAD' });
    assert.equal(head.redirected, false);
    assert.equal(head.headers.get('Content-Length'), String(video.length));
    const policy = (await fetch(other.url)).headers.get('Content-Security-Policy');
    assert.match(String(policy), new RegExp(`media-src [^;]*${settings.endpoint}`));

    const sharing = await service.call(`/api/jobs/${jobId}`, key, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ shareExpiresAt: new Date(Date.now() + 120_000) }),
    });
    assert.equal(sharing.status, 200);
    const shorter = String((await fetch(address, { redirect: 'manual' })).headers.get('Location'));
    const expires = Number(new URL(shorter).searchParams.get('X-Amz-Expires'));
    assert.ok(expires > 0 && expires <= 120, 'the bucket’s address ends with the sharing');
    const deleted = await service.call(`/api/jobs/${jobId}/video`, key, { method: 'DELETE' });
    assert.equal(deleted.status, 200);
    assert.equal((await fetch(address)).status, 410);
    await service.db.run(sql`select graphile_worker.add_job('tidy', job_key => 'tidy')`);
    await until('only the inputs are in the bucket', async () => (await objects()) === 2);
    assert.equal((await fetch(location)).status, 404, 'an address that was handed out before');

    await service.db.run(sql`delete from vidgen.job`);
    await service.db.run(sql`select graphile_worker.add_job('tidy', job_key => 'tidy')`);
    await until('the bucket is empty', async () => (await objects()) === 0);
  });

  test('a job waits while the bucket is away, however often that takes, and then ends well', async (t) => {
    const env = s3Environment(server());
    const service = await startService(t, { env });
    const { databaseUrl } = service;
    const key = await service.createKey();
    const submitted = await service.submit(key, await tinyInputs());
    const { jobId } = (await submitted.json()) as { jobId: string };
    const away = { ...env, S3_ENDPOINT: `http://127.0.0.1:${await freePort()}` };
    const ends: (() => unknown)[] = [];
    const worker = { after: (end: () => unknown) => void ends.push(end) };
    const cut = await startService(worker, { worker: true, databaseUrl, env: away });
    t.after(() => Promise.all(ends.map((end) => end())));
    // Otherwise each step would wait ten seconds for the next run.
    const hurry = () =>
      service.db.run(sql`
        update graphile_worker._private_jobs set run_at = now() where locked_at is null and run_at > now()`);
    await until('it was tried more often than a fault is', async () => {
      await hurry();
      const row = await service.db.first(
        sql<{ attempt: number }>`select attempt from vidgen.job where id = ${jobId}`,
      );
      return (row?.attempt ?? 0) > 3;
    });
    const refused = await cut.submit(await service.createKey(), await tinyInputs());
    assert.equal(refused.status, 500);
    assert.equal(((await refused.json()) as { code: string }).code, 'storage_unavailable');
    for (const end of ends.splice(0)) await end();
    await startService(t, { worker: true, databaseUrl, env });
    await hurry();
    await service.until(key, jobId, 'COMPLETED');
  });

  test('BLOB_STORE=s3 without its settings is refused with the names of what is missing', async () => {
    const { code, stderr } = await vidgen({ BLOB_STORE: 's3', S3_BUCKET: 'media' }, 'doctor');
    assert.equal(code, 1);
    assert.match(stderr, /^S3_ENDPOINT must be set .*\nS3_ACCESS_KEY_ID .*\nS3_SECRET_ACCESS_KEY /);
  });

  /** A service that stores in its database but knows the bucket. */
  async function setUp(t: TestContext) {
    const cleanup = inReverse(t);
    const name = randomBytes(8).toString('hex');
    const mine = { ...server(), name };
    await bucketClient(mine).createBucket();
    const env = { ...s3Environment(mine), BLOB_STORE: 'postgres' };
    const service = await startService(cleanup, { env });
    const bucket = openBucket(mine);
    const store = openBlobStore(service.databaseUrl, { bucket });
    cleanup.after(() => store.close());
    const rows = openRows(service.databaseUrl, 1);
    cleanup.after(() => rows.close());
    const move = (...way: string[]) =>
      vidgen({ ...env, DATABASE_URL: service.databaseUrl }, 'storage', 'move', ...way);
    return { service, bucket, store, rows, env, move, mine };
  }

  /** Two files of a new job: bytes by id. */
  async function addJob(service: Service, store: BlobStore, size: number) {
    const files = new Map<string, Buffer>();
    for (const contentType of ['image/png', 'audio/wav']) {
      const bytes = randomBytes(size);
      const { id } = await store.write(inPieces(bytes, 100_000), { processId: 1, contentType });
      files.set(id, bytes);
    }
    const [image = '', audio = ''] = files.keys();
    const key = await createKey(service.db);
    await call(service.db, 'create_job', {
      api_key_id: key.id,
      image_blob_id: image,
      audio_blob_id: audio,
    });
    return files;
  }

  test('storage move: killed and called again, while the files are read; and back', async (t) => {
    const { service, bucket, store, env, move, mine } = await setUp(t);
    const files = new Map<string, Buffer>();
    for (let n = 0; n < 8; n += 1)
      for (const [id, bytes] of await addJob(service, store, n === 0 ? partBytes + 1 : 300_000 + n))
        files.set(id, bytes);
    let reading = true;
    let readings = 0;
    const readers = (async () => {
      while (reading) {
        for (const [id, bytes] of files) {
          assert.ok((await buffer(store.read(id))).equals(bytes), id);
          readings += 1;
          // Without a pause this takes most of the CPU of the test.
          await delay(50);
        }
      }
    })();
    const child = startVidgen(
      { ...env, DATABASE_URL: service.databaseUrl },
      ...['storage', 'move', 'postgres', 's3'],
    );
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await until('some have moved', async () => ((await places(service))?.inBucket ?? 0) >= 3);
    child.kill('SIGKILL');
    await ended;
    const half = await places(service);
    assert.ok(half && half.inDatabase > 0, 'it was killed before its end');

    const finished = await move('postgres', 's3');
    assert.equal(finished.code, 0, finished.stderr);
    assert.match(finished.stdout, new RegExp(`^Moved ${half?.inDatabase} files?, `));
    assert.deepEqual(await places(service), { inBucket: 16, inDatabase: 0, chunks: 0 });
    assert.match((await move('postgres', 's3')).stdout, /^Moved 0 files/);

    // The remains of the killed process are due in a day.
    await service.db.run(sql`update vidgen.blob_trash set due_at = now()`);
    await emptyTrash(service.db, bucket);
    const kept = await bucketClient(mine).listObjects('/', 'vidgen/');
    assert.equal(kept?.length, 16);

    assert.match((await move('s3', 'postgres')).stdout, /^Moved 16 files/);
    assert.equal((await places(service))?.inDatabase, 16);
    await service.db.run(sql`update vidgen.blob_trash set due_at = now()`);
    assert.equal(await emptyTrash(service.db, bucket), 16);
    reading = false;
    await readers;
    assert.ok(readings > 16);
    for (const [id, bytes] of files) assert.ok((await buffer(store.read(id))).equals(bytes));
  });

  test('docs/object-storage.md: its commands, as they stand there', async (t) => {
    const { service, store, mine } = await setUp(t);
    await addJob(service, store, 1_000);
    const env = {
      ...process.env,
      DATABASE_URL: service.databaseUrl,
      STORE_ADDRESS: mine.endpoint,
      STORE_REGION: mine.region,
      STORE_BUCKET: mine.name,
      STORE_KEY_ID: mine.accessKeyId,
      STORE_SECRET: mine.secretAccessKey,
    };
    const printed = (await (await openPage('object-storage', env, t)).rest()).join('\n');
    assert.match(printed, /^ok {7}Storage: 1 MB was written, in object storage$/m);
    assert.match(printed, /^Moved 2 files, /m);
    assert.ok(!printed.includes(mine.secretAccessKey));
  });

  test('a reader in the middle of a file continues in the other place', async (t) => {
    const { service, bucket, store, rows } = await setUp(t);
    const [[id, bytes] = ['', Buffer.alloc(0)]] = await addJob(service, store, 6 * chunkBytes);
    const next = async (toBucket: boolean) =>
      (await call(rows, 'next_to_move', { to_bucket: toBucket, after: '' })) as Movable;
    const reader = store.read(id)[Symbol.asyncIterator]();
    const taken = [(await reader.next()).value as Uint8Array];
    assert.ok(await moveToBucket({ rows, store, bucket }, await next(true)));
    for (let piece = await reader.next(); !piece.done; piece = await reader.next())
      taken.push(piece.value);
    assert.ok(Buffer.concat(taken).equals(bytes));
    assert.ok(await moveToDatabase({ rows, store, bucket }, await next(false)));
    assert.ok((await buffer(store.read(id))).equals(bytes));
  });

  test('a damaged file stays where it is and is named', async (t) => {
    const { service, store, move } = await setUp(t);
    const [[id] = ['']] = await addJob(service, store, 1_000);
    await service.db.run(sql`
      update vidgen.blob_chunk set bytes = set_byte(bytes, 7, 255 - get_byte(bytes, 7)) where blob_id = ${id}`);
    const { code, stdout, stderr } = await move('postgres', 's3');
    assert.equal(code, 1);
    assert.match(stdout, /^Moved 1 file, .*; 1 could not be moved/);
    assert.ok(stderr.includes(id) && stderr.includes('SHA-256'));
    assert.equal((await places(service))?.inDatabase, 1);
  });

  test('a file that has gone meanwhile is not moved, and its copy goes', async (t) => {
    const { service, bucket, store, rows, mine } = await setUp(t);
    await addJob(service, store, 1_000);
    const file = await call(rows, 'next_to_move', { to_bucket: true, after: '' });
    const lastMoment: BlobStore = {
      ...store,
      read: async function* (id) {
        yield await buffer(store.read(id));
        await service.db.run(sql`delete from vidgen.job`);
      },
    };
    assert.equal(await moveToBucket({ rows, store: lastMoment, bucket }, file as Movable), false);
    await service.db.run(sql`update vidgen.blob_trash set due_at = now()`);
    assert.equal(await emptyTrash(service.db, bucket), 1);
    assert.equal((await bucketClient(mine).listObjects('/', 'vidgen/'))?.length ?? 0, 0);
  });
}
