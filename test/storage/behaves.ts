import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import type pg from 'pg';
import type { BlobStore } from '../../src/storage/blob_store.ts';

export const owned = { processId: 1, contentType: 'audio/wav' };

export async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

export type SetUp = (t: TestContext) => Promise<{
  store: BlobStore;
  rows: pg.Pool;
  /** Counts what is stored, in whatever form. */
  left(): Promise<number | undefined>;
}>;

/**
 * Tests what every BlobStore does, wherever it keeps the bytes.
 *
 * @param unit size in bytes of the pieces it stores, at whose edges ranges are delicate
 */
export function behaves(setUp: SetUp, unit: number): void {
  test('gives back what it was given, in whatever pieces that came', async (t) => {
    const { store } = await setUp(t);
    for (const [size, piece] of [
      [0, 1],
      [1, 1],
      [unit - 1, 1000],
      [unit, 65_536],
      [unit + 1, unit],
      [2 * unit, 2 * unit],
      [2_000_003, 999_983],
    ] as const) {
      const bytes = randomBytes(size);
      const written = await store.write(inPieces(bytes, piece), owned);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      assert.deepEqual(written, { id: written.id, size, sha256 });
      assert.partialDeepStrictEqual(await store.stat(written.id), {
        size,
        sha256,
        contentType: 'audio/wav',
      });
      assert.ok(
        (await buffer(store.read(written.id))).equals(bytes),
        `${size} in pieces of ${piece}`,
      );
    }
  });

  test('gives back any range', async (t) => {
    const { store } = await setUp(t);
    const bytes = randomBytes(2 * unit + 1000);
    const { id, size } = await store.write(inPieces(bytes, 100_000), owned);
    for (const [start, end] of [
      [0, 0],
      [0, size - 1],
      [size - 1, size - 1],
      [unit - 1, unit],
      [unit, 2 * unit - 1],
      [5, 2 * unit + 5],
      [size - 10, size + 10],
    ] as const) {
      const range = await buffer(store.read(id, { start, end }));
      assert.ok(range.equals(bytes.subarray(start, end + 1)), `${start}-${end}`);
    }
  });

  test('a source that fails leaves nothing, and its error is thrown', async (t) => {
    const { store, left } = await setUp(t);
    const failing = async function* () {
      yield randomBytes(2 * unit);
      throw new Error('the client has gone');
    };
    await assert.rejects(store.write(failing(), owned), /the client has gone/);
    assert.equal(await left(), 0);
  });

  test('a signal breaks a write off, and nothing is left', async (t) => {
    const { store, left } = await setUp(t);
    const controller = new AbortController();
    const aborting = async function* () {
      yield randomBytes(2 * unit);
      controller.abort(new Error('enough'));
      yield randomBytes(unit);
    };
    await assert.rejects(
      store.write(aborting(), { ...owned, signal: controller.signal }),
      /enough/,
    );
    assert.equal(await left(), 0);
  });

  test('discard removes what no job has taken over, and only that', async (t) => {
    const { store, rows } = await setUp(t);
    const write = () => store.write(inPieces(randomBytes(1000), 1000), owned);
    const [loose, image, audio] = [await write(), await write(), await write()];
    const key = (await rows.query("select id from admin.create_api_key('test')")).rows[0].id;
    await rows.query('select api.create_job($1, $2, $3)', [key, image.id, audio.id]);
    await store.discard([loose.id, image.id, audio.id, 'cunknown']);
    await store.discard([loose.id]);
    await store.discard([]);
    assert.equal(await store.stat(loose.id), null);
    assert.equal((await buffer(store.read(audio.id))).length, 1000);
  });
}
