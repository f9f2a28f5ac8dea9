import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { describe, type TestContext, test } from 'node:test';
import type pg from 'pg';
import { chunkBytes } from '../../src/storage/chunks.ts';
import { openBlobStore } from '../../src/storage/open.ts';
import { startTcpProxy } from '../chaos/tcp_proxy.ts';
import { createDatabase, inReverse, openRowsOf } from '../support/database.ts';
import { until } from '../support/until.ts';
import { behaves, inPieces, owned } from './behaves.ts';

async function setUp(t: TestContext) {
  const cleanup = inReverse(t);
  const { url } = await createDatabase(cleanup);
  const store = openBlobStore(url);
  cleanup.after(() => store.close());
  const rows = openRowsOf(cleanup, url);
  const left = async () =>
    (
      await rows.query<{ n: number }>(
        'select (select count(*) from vidgen.blob)::int + (select count(*) from vidgen.blob_chunk)::int as n',
      )
    ).rows[0]?.n;
  return { url, store, rows, left };
}

/** This many chunks of zeros, counting how many were read. */
function zeros(chunks: number) {
  return {
    taken: 0,
    async *[Symbol.asyncIterator]() {
      for (; this.taken < chunks; this.taken += 1) yield Buffer.alloc(chunkBytes);
    },
  };
}

/** Runs the work while nobody can insert a chunk, until it commits. */
async function whileChunksWait(rows: pg.Pool, work: (lock: pg.PoolClient) => Promise<void>) {
  const lock = await rows.connect();
  try {
    await lock.query('begin; lock table vidgen.blob_chunk');
    await work(lock);
  } finally {
    lock.release();
  }
}

/** As many chunks are waiting as a store sends at a time. */
async function threeWait(lock: pg.PoolClient): Promise<void> {
  const waiting = `select count(*)::int as n from pg_locks
    where not granted and relation = 'vidgen.blob_chunk'::regclass`;
  await until(
    'three wait',
    async () => (await lock.query<{ n: number }>(waiting)).rows[0]?.n === 3,
  );
}

describe('the BlobStore in Postgres', () => {
  behaves(setUp, chunkBytes);

  test('a lost connection fails the write, and nothing is left', async (t) => {
    const { store, rows, left } = await setUp(t);
    await whileChunksWait(rows, async (lock) => {
      const written = store.write(zeros(100), owned);
      const failed = assert.rejects(written, { code: '57P01' });
      await threeWait(lock);
      await lock.query(
        "select pg_terminate_backend(pid) from pg_locks where not granted and relation = 'vidgen.blob_chunk'::regclass",
      );
      await lock.query('commit');
      await failed;
    });
    assert.equal(await left(), 0);
  });

  test('connections that have gone silent fail what is asked of them, and are replaced; who reads waits', async (t) => {
    const { url } = await setUp(t);
    const address = new URL(url);
    const proxy = await startTcpProxy(t, Number(address.port));
    address.port = String(proxy.port);
    const store = openBlobStore(address.href);
    t.after(() => store.close());
    const { id } = await store.write(zeros(1), owned);
    const long = await store.write(zeros(6), owned);
    const reading = store.read(long.id)[Symbol.asyncIterator]();
    let taken = (await reading.next()).value.length;
    // They are idle in the pool, and nobody has noticed that they are broken.
    proxy.silence();
    proxy.speak();
    const rest = async () => {
      for (let next = await reading.next(); !next.done; next = await reading.next())
        taken += next.value.length;
    };
    await Promise.all([assert.rejects(store.stat(id), { code: 'database_unavailable' }), rest()]);
    assert.equal((await store.stat(id))?.size, chunkBytes);
    assert.equal(taken, 6 * chunkBytes);
  });

  test('takes from its source no faster than Postgres takes from it', async (t) => {
    const { store, rows } = await setUp(t);
    await whileChunksWait(rows, async (lock) => {
      const source = zeros(100);
      const written = store.write(source, owned);
      await threeWait(lock);
      assert.ok(source.taken <= 3, `${source.taken} chunks`);
      await lock.query('commit');
      assert.equal((await written).size, 100 * chunkBytes);
    });
  });

  test('a missing or short chunk is an error, never a short file', async (t) => {
    const { store, rows } = await setUp(t);
    const { id } = await store.write(inPieces(randomBytes(4 * chunkBytes), chunkBytes), owned);
    await rows.query('update vidgen.blob_chunk set bytes = substring(bytes for 1000) where n = 3');
    await assert.rejects(buffer(store.read(id)), /Chunk 3 .* missing or short/);
    await rows.query('delete from vidgen.blob_chunk where n = 1');
    await assert.rejects(buffer(store.read(id)), /Chunk 1 .* missing or short/);
    assert.equal(
      (await buffer(store.read(id, { start: 0, end: chunkBytes - 1 }))).length,
      chunkBytes,
    );
    await assert.rejects(buffer(store.read('cunknown')), /no complete blob/);
  });

  test('api.finish_blob refuses a file with a hole, and a second end', async (t) => {
    const { rows } = await setUp(t);
    const begin = async (...sizes: number[]) => {
      const id = (await rows.query("select api.begin_blob(1, 'x') as id")).rows[0].id;
      for (const [n, size] of sizes.entries())
        if (size > 0)
          await rows.query('select api.append_blob_chunk($1, $2, $3)', [id, n, Buffer.alloc(size)]);
      return id;
    };
    const finish = (id: string, size: number) =>
      rows.query('select api.finish_blob($1, $2, $3)', [id, size, Buffer.alloc(32)]);
    const lost = { code: 'VG500', detail: 'upload_lost' };
    await assert.rejects(finish(await begin(chunkBytes, 10), chunkBytes + 11), lost);
    await assert.rejects(finish(await begin(chunkBytes, 0, 10), chunkBytes + 10), lost);
    await assert.rejects(finish(await begin(10, chunkBytes), chunkBytes + 10), lost);
    await assert.rejects(finish('cunknown', 0), lost);
    const id = await begin(chunkBytes, 10);
    await finish(id, chunkBytes + 10);
    await assert.rejects(finish(id, chunkBytes + 10), lost);
    await assert.rejects(
      rows.query('select api.append_blob_chunk($1, 2, $2)', [id, Buffer.alloc(1)]),
      lost,
    );
  });
});
