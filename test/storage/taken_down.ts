import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { sql } from 'kysely';
import { type BucketSettings, openBucket } from '../../src/storage/bucket.ts';
import { openBlobStore } from '../../src/storage/open.ts';
import { emptyTrash } from '../../worker/tasks/tidy_bucket.ts';
import { inReverse } from '../support/database.ts';
import { workerOn } from '../support/job_moves.ts';
import { bucketClient, s3Environment } from '../support/s3_server.ts';
import { startService } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';
import { inPieces } from './behaves.ts';

/** More than the buffers between a reader that has paused and the service hold. */
const bytes = randomBytes(24_000_000);

/** A video that its owner deletes while somebody downloads it, from the database or from a bucket. */
export function takenDown(server?: () => BucketSettings): void {
  test('a video that is deleted while it is downloaded: the download ends, nothing is left', async (t) => {
    const cleanup = inReverse(t);
    const settings = server && { ...server(), name: randomBytes(8).toString('hex') };
    if (settings) await bucketClient(settings).createBucket();
    const bucket = settings && openBucket(settings);
    const env = settings && s3Environment(settings);
    const service = await startService(cleanup, { env });
    const store = openBlobStore(service.databaseUrl, {
      bucket,
      writeTo: bucket ? 's3' : 'postgres',
    });
    cleanup.after(() => store.close());

    const key = await service.createKey();
    const submitted = await service.submit(key, await tinyInputs());
    const { jobId } = (await submitted.json()) as { jobId: string };
    const { processId, claim, complete } = await workerOn(service.db);
    await claim(jobId);
    const file = { processId, contentType: 'video/mp4' };
    const video = await store.write(inPieces(bytes, 100_000), file);
    await complete(jobId, service.url, 1, {}, video.id);
    const { outputVideo } = await service.until(key, jobId, 'COMPLETED');

    const printed = t.mock.method(console, 'error');
    const [download] = (await once(get(String(outputVideo)), 'response')) as [IncomingMessage];
    await once(download, 'readable');
    const deleted = await service.call(`/api/jobs/${jobId}/video`, key, { method: 'DELETE' });
    assert.equal(deleted.status, 200);
    assert.equal((await fetch(String(outputVideo))).status, 410);
    if (bucket) await emptyTrash(service.db, bucket);
    const got: Buffer[] = [];
    const fault = await (async () => {
      for await (const part of download) got.push(part);
    })().catch((error) => error);
    // Whoever has all of it has it rightly; whoever has not is told so.
    if (bucket && !fault) assert.ok(Buffer.concat(got).equals(bytes));
    else assert.equal(fault?.code, 'ECONNRESET');
    assert.equal(printed.mock.callCount(), 0, 'it is no fault of the service');
    assert.equal((await fetch(String(outputVideo))).status, 410);

    const left = await service.db.run(sql<{ kind: string; chunks: number }>`
      select b.kind, (select count(*)::int from vidgen.blob_chunk c where c.blob_id = b.id) as chunks
      from vidgen.blob b order by kind`);
    assert.deepEqual(
      left.map(({ kind }) => kind),
      ['audio', 'image'],
    );
    const chunks = await service.db.first(
      sql<{ n: number }>`select count(*)::int as n from vidgen.blob_chunk`,
    );
    assert.equal(
      chunks?.n,
      left.reduce((sum, { chunks }) => sum + chunks, 0),
    );
    if (settings)
      assert.equal((await bucketClient(settings).listObjects('/', 'vidgen/'))?.length, 2);
  });
}
