import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { BucketSettings } from '../../src/storage/bucket.ts';
import { scaleOut } from '../chaos/scale_out/scale_out.ts';
import { createDatabase, suiteCleanup } from '../support/database.ts';
import { startS3Server, withoutS3 } from '../support/s3_server.ts';
import { serviceWithBucket } from './bucket_service.ts';
import { storeInBucket } from './bucket_store.ts';
import { takenDown } from './taken_down.ts';

// One file, for one server: it takes seconds to start.
describe('files in an S3-compatible bucket', { skip: withoutS3 }, () => {
  const cleanup = suiteCleanup();
  let settings: BucketSettings;
  before(async () => {
    settings = await startS3Server(cleanup);
  });

  describe('the BlobStore', () => storeInBucket(() => settings));
  describe('the service', () => serviceWithBucket(() => settings));
  takenDown(() => settings);

  // "npm run chaos -- --scale-out" runs it with 300 jobs of 100 keys.
  test('several API and worker processes: everything stays exact while any of them is killed', async (t) => {
    const small = { jobs: 4, keys: 2, webs: 2, workers: 2, harms: 2 };
    const { url: databaseUrl } = await createDatabase(t);
    const { violations, ...run } = await scaleOut(t, { s3: settings, databaseUrl, ...small });
    assert.deepEqual(violations, []);
    assert.ok(run.streams.told >= run.jobs && run.refused > 0, JSON.stringify(run));
    t.diagnostic(JSON.stringify(run));
  });
});
