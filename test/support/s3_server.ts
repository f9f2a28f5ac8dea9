import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { S3mini } from 's3mini';
import { freePort } from '../../cli/free_port.ts';
import type { BucketSettings } from '../../src/storage/bucket.ts';
import { type Cleanup, inReverse } from './database.ts';

const run = promisify(execFile);
const parts = ['account', 'container', 'object', 'proxy'] as const;
const program = (part: string) => `/usr/bin/swift-${part}-server`;

const canInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

/** For `describe`: why there can be no S3 server here, or false. In CI there must be one. */
export const withoutS3: string | false =
  existsSync(program('proxy')) || canInstall || process.env.CI === 'true'
    ? false
    : `needs an S3 server: apt install ${parts.map((part) => `swift-${part}`).join(' ')}`;

/**
 * OpenStack Swift with its S3 API, which checks signatures and parts as the real ones do, on ports of
 * its own with an empty bucket. Debian's packages are installed when they are missing.
 */
export async function startS3Server(t: Cleanup): Promise<BucketSettings> {
  if (!existsSync(program('proxy'))) await install();
  const cleanup = inReverse(t);
  const folder = await mkdtemp(join(tmpdir(), 'vidgen-s3-'));
  cleanup.after(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'devices/d1'), { recursive: true });
  const ports = await Promise.all(parts.map(() => freePort()));
  // The distribution's own Python, whatever else is on the PATH.
  await run('/usr/bin/python3', ['-c', rings, folder, ...ports.slice(0, 3).map(String)]);
  const log = await open(join(folder, 'log'), 'w');
  cleanup.after(() => log.close());
  for (const [n, part] of parts.entries()) {
    const file = join(folder, `${part}.conf`);
    await writeFile(file, configuration(part, folder, ports[n] ?? 0));
    const server = spawn(program(part), [file], { stdio: ['ignore', log.fd, log.fd] });
    cleanup.after(async () => {
      if (server.exitCode !== null) return;
      const gone = once(server, 'exit');
      server.kill('SIGKILL');
      await gone;
    });
  }
  const settings = {
    endpoint: `http://127.0.0.1:${ports[3]}`,
    region: 'us-east-1',
    name: 'media',
    accessKeyId: 'test:tester',
    secretAccessKey: 'testing',
  };
  const client = bucketClient(settings);
  for (let tries = 0; ; tries += 1) {
    const made = await client.createBucket().catch((error: unknown) => error);
    if (made === true) return settings;
    if (tries === 150) {
      throw new Error(`Swift does not start:\n${await readFile(join(folder, 'log'), 'utf8')}`, {
        cause: made,
      });
    }
    await delay(200);
  }
}

/** What an operator would set. */
export const s3Environment = (settings: BucketSettings): Record<string, string> => ({
  BLOB_STORE: 's3',
  S3_ENDPOINT: settings.endpoint,
  S3_REGION: settings.region,
  S3_BUCKET: settings.name,
  S3_ACCESS_KEY_ID: settings.accessKeyId,
  S3_SECRET_ACCESS_KEY: settings.secretAccessKey,
});

/** To look into the bucket past the service. */
export const bucketClient = ({ endpoint, name, ...rest }: BucketSettings): S3mini =>
  new S3mini({ endpoint: `${endpoint}/${name}`, ...rest });

async function install(): Promise<void> {
  if (!canInstall) throw new Error(`${withoutS3}; installing it takes root and apt-get.`);
  console.error('Installing OpenStack Swift for the tests');
  const apt = (...words: string[]) =>
    run('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=120', ...words], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  const packages = parts.map((part) => `swift-${part}`);
  const wanted = ['install', '--yes', '--no-install-recommends', ...packages];
  await apt(...wanted).catch(async () => {
    await apt('update');
    await apt(...wanted);
  });
}

const rings = `
import sys
from swift.common.ring import RingBuilder
folder, *ports = sys.argv[1:]
for name, port in zip(('account', 'container', 'object'), map(int, ports)):
    ring = RingBuilder(1, 1, 0)
    ring.add_dev(dict(id=0, region=1, zone=1, ip='127.0.0.1', port=port, device='d1', weight=1.0,
        meta='', replication_ip='127.0.0.1', replication_port=port))
    ring.rebalance()
    ring.get_ring().save('%s/%s.ring.gz' % (folder, name))
`;

const filters = ['catch_errors', 'gatekeeper', 'listing_formats', 'bulk', 'slo'];

function configuration(part: (typeof parts)[number], folder: string, port: number): string {
  const common = `[DEFAULT]
bind_ip = 127.0.0.1
bind_port = ${port}
workers = 0
user = ${userInfo().username}
swift_dir = ${folder}
devices = ${folder}/devices
mount_check = false
disable_fallocate = true
fallocate_reserve = 0
[app:${part}-server]
use = egg:swift#${part}
account_autocreate = true
[pipeline:main]
`;
  if (part !== 'proxy') return `${common}pipeline = ${part}-server\n`;
  return `${common}pipeline = catch_errors gatekeeper listing_formats cache bulk s3api tempauth slo proxy-server
${filters.map((name) => `[filter:${name}]\nuse = egg:swift#${name}`).join('\n')}
[filter:cache]
use = egg:swift#memcache
# It wants to be asked, and may be away.
memcache_servers = 127.0.0.1:1
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
`;
}
