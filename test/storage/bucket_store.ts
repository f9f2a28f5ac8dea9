import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openDb } from '../../src/postgres/db.ts';
import { type BucketSettings, openBucket } from '../../src/storage/bucket.ts';
import { openBlobStore } from '../../src/storage/open.ts';
import { partBytes } from '../../src/storage/s3.ts';
import { emptyTrash, removeOrphans } from '../../worker/tasks/tidy_bucket.ts';
import { createDatabase, inReverse, openRowsOf } from '../support/database.ts';
import { bucketClient } from '../support/s3_server.ts';
import { behaves, inPieces, owned } from './behaves.ts';

/** Tests of the BlobStore with a bucket on this server. */
export function storeInBucket(server: () => BucketSettings): void {
  async function setUp(t: TestContext, changed: Partial<BucketSettings> = {}) {
    const cleanup = inReverse(t);
    const { url } = await createDatabase(cleanup);
    const mine = { ...server(), name: randomBytes(8).toString('hex') };
    await bucketClient(mine).createBucket();
    const bucket = openBucket({ ...mine, ...changed });
    const store = openBlobStore(url, { bucket, writeTo: 's3' });
    cleanup.after(() => store.close());
    const rows = openRowsOf(cleanup, url);
    const db = openDb(url, { max: 1 });
    cleanup.after(() => db.close());
    const tidied = () => emptyTrash(db, openBucket(mine));
    /** Objects and uploads in the bucket, whatever the tables say. */
    const stored = async () => {
      const client = bucketClient(mine);
      const objects = await client.listObjects('/', 'vidgen/');
      const { ListMultipartUploadsResult: uploads } =
        (await client.listMultipartUploads()) as never;
      const begun = (uploads as { Upload?: unknown }).Upload;
      return (objects?.length ?? 0) + (begun === undefined ? 0 : [begun].flat().length);
    };
    const left = async () => {
      await tidied();
      const { rows: counted } = await rows.query<{ n: number }>(
        'select (select count(*) from vidgen.blob)::int + (select count(*) from vidgen.blob_trash)::int as n',
      );
      return (counted[0]?.n ?? 0) + (await stored());
    };
    return { url, bucket, store, rows, db, tidied, stored, left };
  }

  behaves(setUp, partBytes);

  test('wrong secrets are refused, and nothing is stored', async (t) => {
    const { store, left } = await setUp(t, { secretAccessKey: 'wrong' });
    const refused = store.write(inPieces(randomBytes(1000), 1000), owned);
    await assert.rejects(refused, (error: Error) => {
      assert.match(error.message, /403 SignatureDoesNotMatch/);
      assert.ok(!JSON.stringify({ ...error }).includes('AWS4'), 'no part of the signed request');
      return true;
    });
    assert.equal(await left(), 0);
  });

  test('a store that is away is said to be, and a write leaves no row', async (t) => {
    const { store, left } = await setUp(t, { endpoint: 'http://127.0.0.1:9' });
    const refused = store.write(inPieces(randomBytes(1000), 1000), owned);
    await assert.rejects(refused, { code: 'storage_unavailable', status: 500 });
    assert.equal(await left(), 0);
  });

  test('memory stays bounded, however long the file is', async (t) => {
    const { store } = await setUp(t);
    const piece = Buffer.alloc(1024 * 1024, 7);
    const length = 32 * piece.length;
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    collect();
    const before = process.memoryUsage().arrayBuffers;
    /** Memory in MiB after a garbage collection. */
    const held = () => {
      collect();
      return (process.memoryUsage().arrayBuffers - before) / piece.length;
    };
    let writing = 0;
    const source = async function* () {
      for (let sent = 0; sent < length; sent += piece.length) {
        if (sent % (4 * piece.length) === 0) writing = Math.max(writing, held());
        yield piece;
      }
    };
    const { id, size } = await store.write(source(), owned);
    assert.equal(size, length);
    assert.ok(writing < 24, `${writing} MiB`);
    let read = 0;
    let collectAt = 0;
    let reading = 0;
    for await (const bytes of store.read(id)) {
      read += bytes.length;
      if (read < collectAt) continue;
      reading = Math.max(reading, held());
      collectAt += 10 * piece.length;
    }
    assert.equal(read, length);
    assert.ok(reading < 24, `${reading} MiB`);
  });

  test('what the sweep of a dead process takes goes from the bucket, uploads in parts as well', async (t) => {
    const { bucket, store, rows, stored, tidied } = await setUp(t);
    await store.write(inPieces(randomBytes(1000), 1000), owned);
    // What a process killed between two parts leaves.
    const { rows: begun } = await rows.query("select * from api.begin_object(1, 'audio/wav')");
    const key = begun[0].object_key;
    const upload = await bucket.beginUpload(key, 'audio/wav');
    await bucket.putPart(key, upload, 1, Buffer.alloc(partBytes));
    assert.equal(await stored(), 2);
    await rows.query("select api.bury_process(1, 'worker died')");
    await rows.query("update vidgen.blob set created_at = now() - interval '1 minute'");
    await rows.query('select api.discard_orphans()');
    assert.equal(await tidied(), 2);
    assert.equal(await stored(), 0);
    assert.equal(await tidied(), 0);
  });

  test('a deletion that breaks off is taken up again', async (t) => {
    const { store, rows, stored, tidied } = await setUp(t);
    const { id } = await store.write(inPieces(randomBytes(1000), 1000), owned);
    await store.discard([id]);
    assert.equal((await rows.query('select * from api.take_trash()')).rows.length, 1);
    assert.equal(await stored(), 1);
    assert.equal(await tidied(), 1);
    assert.equal(await stored(), 0);
  });

  test('a writer that was taken for dead leaves nothing, although its row went before the last byte', async (t) => {
    const { store, rows, left, tidied } = await setUp(t);
    const source = async function* () {
      yield randomBytes(partBytes + 1);
      await rows.query("select api.bury_process(1, 'worker died')");
      await rows.query("update vidgen.blob set created_at = now() - interval '1 minute'");
      await rows.query('select api.discard_orphans()');
      await tidied();
      yield randomBytes(1000);
    };
    await assert.rejects(store.write(source(), owned));
    assert.equal(await left(), 0);
    const small = async function* () {
      yield randomBytes(1000);
      await rows.query("select api.bury_process(1, 'worker died')");
      await rows.query("update vidgen.blob set created_at = now() - interval '1 minute'");
      await rows.query('select api.discard_orphans()');
      await tidied();
    };
    await assert.rejects(store.write(small(), owned), { detail: 'upload_lost' });
    assert.equal(await left(), 0);
  });

  test('objects and uploads that no table knows are found, and only these', async (t) => {
    const { bucket, store, db, stored } = await setUp(t);
    const kept = await store.write(inPieces(randomBytes(1000), 1000), owned);
    await bucket.put('unknown', Buffer.from('x'), 'audio/wav');
    await bucket.beginUpload('unknown2', 'audio/wav');
    assert.deepEqual(await removeOrphans(db, bucket), { removed: 0, next: undefined });
    assert.equal(await stored(), 3);
    const later = new Date(Date.now() + 60_000);
    assert.equal((await removeOrphans(db, bucket, undefined, later)).removed, 2);
    assert.equal(await stored(), 1);
    assert.equal((await buffer(store.read(kept.id))).length, 1000);
  });

  test('an object that is missing is an error, never a short file', async (t) => {
    const { bucket, store, rows } = await setUp(t);
    const { id } = await store.write(inPieces(randomBytes(1000), 1000), owned);
    const { rows: found } = await rows.query('select object_key from vidgen.blob');
    await bucket.remove(found[0].object_key);
    await assert.rejects(buffer(store.read(id)), /answered 404/);
  });
}
