import { call } from '../src/postgres/call.ts';
import { openBucket } from '../src/storage/bucket.ts';
import { moveToBucket, moveToDatabase } from '../src/storage/move.ts';
import { configuredBlobStore } from '../src/storage/open.ts';
import { openRows } from '../src/storage/rows.ts';
import { type Command, UsageError } from './command.ts';
import { operate } from './operate.ts';

const help = `Usage: vidgen storage move postgres s3
       vidgen storage move s3 postgres

Moves the files of all jobs from the database to the bucket in the S3_ variables, or back, while the service
runs. Set BLOB_STORE for all processes first: it decides where new files go. Each copy is verified by its SHA-256
before it is used. Run it again to continue with what is left. The database's owner must run it (DATABASE_OWNER_URL,
or DATABASE_URL).`;

export const storage: Command = {
  summary: 'move files between the database and a bucket',
  help,
  options: {},
  words: 3,
  run: async ({ config, positionals: [verb, from, to] }) => {
    const way = `${from} ${to}`;
    if (verb !== 'move' || !['postgres s3', 's3 postgres'].includes(way))
      throw new UsageError(help);
    if (!config.bucket) {
      throw new UsageError(
        'Set S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY: they name the bucket.',
      );
    }
    const bucket = openBucket(config.bucket);
    let failed = 0;
    await operate(config, async (_, { owner }) => {
      const store = configuredBlobStore(config, owner, 2);
      const rows = openRows(owner, 1);
      try {
        failed = await moveAll({ store, rows, bucket }, to === 's3');
      } finally {
        await rows.close();
        await store.close();
      }
    });
    return failed > 0 ? 1 : 0;
  },
};

/** Walks the files until nothing movable is left; returns how many could not be moved. */
async function moveAll(
  places: Parameters<typeof moveToBucket>[0],
  toBucket: boolean,
): Promise<number> {
  const move = toBucket ? moveToBucket : moveToDatabase;
  const total = { files: 0, bytes: 0 };
  for (;;) {
    const pass = { moved: 0, failed: 0 };
    let after = '';
    for (;;) {
      const file = await call(places.rows, 'next_to_move', { to_bucket: toBucket, after });
      if (!file) break;
      after = file.id;
      try {
        if (!(await move(places, file))) continue;
        pass.moved += 1;
        total.files += 1;
        total.bytes += Number(file.size);
        if (total.files % 100 === 0) console.error(told(total));
      } catch (error) {
        if (!(await places.store.stat(file.id))) continue;
        pass.failed += 1;
        console.error(`${file.id}: ${(error as Error).message}`);
      }
    }
    // Another pass as long as some were moved, because uploads may have become files of jobs meanwhile.
    if (pass.moved > 0 && pass.failed === 0) continue;
    console.log(
      `Moved ${told(total)}${pass.failed > 0 ? `; ${pass.failed} could not be moved` : ''}.`,
    );
    return pass.failed;
  }
}

const told = ({ files, bytes }: { files: number; bytes: number }) =>
  `${files} ${files === 1 ? 'file' : 'files'}, ${(bytes / 1e6).toFixed(1)} MB`;
