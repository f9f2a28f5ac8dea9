import { before, describe } from 'node:test';
import type { BucketSettings } from '../../src/storage/bucket.ts';
import { suiteCleanup } from '../support/database.ts';
import { startS3Server, withoutS3 } from '../support/s3_server.ts';
import { serviceWithBucket } from './bucket_service.ts';
import { storeInBucket } from './bucket_store.ts';

// One file, for one server: it takes seconds to start.
describe('files in an S3-compatible bucket', { skip: withoutS3 }, () => {
  const cleanup = suiteCleanup();
  let settings: BucketSettings;
  before(async () => {
    settings = await startS3Server(cleanup);
  });

  describe('the BlobStore', () => storeInBucket(() => settings));
  describe('the service', () => serviceWithBucket(() => settings));
});
