import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { S3mini } from 's3mini';
import { freePort } from '../../src/process/free_port.ts';
import type { BucketSettings } from '../../src/storage/bucket.ts';
import { type Cleanup, inReverse } from './database.ts';
import { requireProgram, without } from './programs.ts';
import { patience } from './until.ts';

const parts = ['account', 'container', 'object', 'proxy'] as const;

/** For `describe`: why there can be no S3 server here, or false. In CI there must be one. */
export const withoutS3: string | false = without('swift-proxy-server');

/**
 * OpenStack Swift with its S3 API, which checks signatures and parts as the real ones do, on ports of
 * its own with an empty bucket. Debian's packages are installed when they are missing.
 */
export async function startS3Server(t: Cleanup): Promise<BucketSettings> {
  await requireProgram('swift-proxy-server');
  const cleanup = inReverse(t);
  const folder = await mkdtemp(join(tmpdir(), 'vidgen-s3-'));
  cleanup.after(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'devices/d1'), { recursive: true });
  const ports = await Promise.all(parts.map(() => freePort()));
  const log = await open(join(folder, 'log'), 'w');
  cleanup.after(() => log.close());
  // The distribution's own Python, whatever else is on the PATH.
  const program = [fileURLToPath(new URL('s3_server.py', import.meta.url)), folder];
  const server = spawn('/usr/bin/python3', [...program, ...ports.map(String)], {
    stdio: ['ignore', log.fd, log.fd],
  });
  cleanup.after(async () => {
    if (server.exitCode !== null) return;
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  });
  const settings = {
    endpoint: `http://127.0.0.1:${ports[3]}`,
    region: 'us-east-1',
    name: 'media',
    accessKeyId: 'test:tester',
    secretAccessKey: 'testing',
  };
  const client = bucketClient(settings);
  for (const wait = patience(120_000); ; ) {
    const made = await client.createBucket().catch((error: unknown) => error);
    if (made === true) return settings;
    if (server.exitCode !== null || !(await wait())) {
      throw new Error(`Swift does not start:\n${await readFile(join(folder, 'log'), 'utf8')}`, {
        cause: made,
      });
    }
  }
}

/** The settings of an operator. */
export const s3Environment = (settings: BucketSettings): Record<string, string> => ({
  BLOB_STORE: 's3',
  S3_ENDPOINT: settings.endpoint,
  S3_REGION: settings.region,
  S3_BUCKET: settings.name,
  S3_ACCESS_KEY_ID: settings.accessKeyId,
  S3_SECRET_ACCESS_KEY: settings.secretAccessKey,
});

/** A client that looks into the bucket directly. */
export const bucketClient = ({ endpoint, name, ...rest }: BucketSettings): S3mini =>
  new S3mini({ endpoint: `${endpoint}/${name}`, ...rest });
