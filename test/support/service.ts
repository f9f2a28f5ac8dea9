import { createHash, randomBytes } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { type Config, loadConfig } from '../../src/config.ts';
import { hasEnded } from '../../src/jobs/job_state.ts';
import { createLog } from '../../src/log.ts';
import { call } from '../../src/postgres/call.ts';
import { type Db, openDb } from '../../src/postgres/db.ts';
import { freePort } from '../../src/process/free_port.ts';
import type { StartLink } from '../../src/process/start_link.ts';
import { createVault } from '../../src/secrets/vault.ts';
import { createApiKey } from '../../src/secrets/webhook_secret.ts';
import { startServer } from '../../src/server.ts';
import { startWorker } from '../../worker/main.ts';
import { assertPromised } from './contract.ts';
import { type Cleanup, createDatabase, inReverse } from './database.ts';
import type { Key } from './key.ts';
import { secretsKey } from './server.ts';
import { patience } from './until.ts';

export type { Key } from './key.ts';

export type Service = {
  /** http://localhost:PORT, also the PUBLIC_URL. */
  url: string;
  databaseUrl: string;
  db: Db;
  config: Config & { publicUrl: string };
  createKey(name?: string): Promise<Key>;
  /** fetch below `url`, with the key when one is given. Throws when openapi.json promises another answer. */
  call(path: string, key?: Key | string, init?: RequestInit): Promise<Response>;
  /** POST /api/jobs with the sample files, or with these fields. */
  submit(
    key: Key,
    fields?: Record<string, Blob | string>,
    headers?: Record<string, string>,
  ): Promise<Response>;
  /** Polls the status until it is one of these; throws when the job ends otherwise, or never. */
  until(key: Key, jobId: string, ...statuses: string[]): Promise<JobStatus>;
};

export type JobStatus = {
  jobId: string;
  status: string;
  progress: number;
  outputVideo: string | null;
  outputShareLink: string | null;
  errorMessage: string | null;
  createdAt: string;
  updatedAt: string;
};

/** Each client address in the header has its own rate limit, so that tests do not share one. */
const testEnvironment = {
  HOST: '127.0.0.1',
  CLIENT_IP_SOURCE: 'header:X-Test-Ip',
  LOG_LEVEL: 'silent',
  SECRETS_KEY: secretsKey,
};

/**
 * The real server on a port of its own, on a database of its own; with `worker: true` a worker beside
 * it. `env` holds an operator's settings. Everything ends with the test.
 */
export async function startService(
  t: Cleanup,
  o: {
    env?: Record<string, string>;
    worker?: boolean;
    databaseUrl?: string;
    startLink?: StartLink;
  } = {},
): Promise<Service> {
  const cleanup = inReverse(t);
  const databaseUrl = o.databaseUrl ?? (await createDatabase(cleanup)).url;
  const port = await freePort();
  const config = loadConfig({ ...testEnvironment, PORT: String(port), ...o.env });
  const withUrl = { ...config, publicUrl: config.publicUrl ?? `http://localhost:${port}` };
  const log = createLog(config.logLevel);
  const onFatal = () => {
    throw new Error('the service cannot go on');
  };
  const parts = { config: withUrl, databaseUrl, log, onFatal, startLink: o.startLink };
  const server = await startServer(parts);
  cleanup.after(() => server.close());
  if (o.worker) {
    const worker = await startWorker(parts);
    cleanup.after(() => worker.close());
  }
  const db = openDb(databaseUrl, { max: 2, deadlineMs: 120_000 });
  cleanup.after(() => db.close());
  return { ...clientOf(withUrl.publicUrl, db), databaseUrl, db, config: withUrl };
}

/** A client's calls to any running service. */
export function clientOf(url: string, db: Db): Omit<Service, 'databaseUrl' | 'db' | 'config'> {
  const ip = () => [10, ...randomBytes(3)].join('.');
  const fetchFrom: Service['call'] = async (path, key, init = {}) => {
    const headers = new Headers(init.headers);
    if (key) headers.set('X-API-Key', typeof key === 'string' ? key : key.apiKey);
    if (!headers.has('X-Test-Ip')) headers.set('X-Test-Ip', ip());
    const response = await fetch(url + path, { ...init, headers });
    await assertPromised(init.method ?? 'GET', url + path, response);
    return response;
  };
  return {
    url,
    call: fetchFrom,
    createKey: (name) => createKey(db, name),
    submit: async (key, fields, headers) => {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields ?? (await samples())))
        form.append(name, value);
      return fetchFrom('/api/jobs', key, { method: 'POST', body: form, headers });
    },
    until: async (key, jobId, ...statuses) => {
      for (const wait = patience(120_000); ; ) {
        const job = (await (await fetchFrom(`/api/status/${jobId}`, key)).json()) as JobStatus;
        if (statuses.includes(job.status)) return job;
        if (hasEnded(job.status)) {
          throw new Error(
            `the job is ${job.status}, not ${statuses.join(' or ')}: ${job.errorMessage}`,
          );
        }
        if (!(await wait()))
          throw new Error(`waited in vain: the job is still ${JSON.stringify(job)}`);
      }
    },
  };
}

/** With the key of all tests. */
const testVault = createVault([Buffer.from(secretsKey, 'base64')]);

export async function createKey(
  db: Db,
  name = `test ${randomBytes(6).toString('hex')}`,
  vault = testVault,
): Promise<Key> {
  return { name, ...(await createApiKey(db, vault, name)) };
}

export const sample = (name: string): string =>
  fileURLToPath(new URL(`../../samples/${name}`, import.meta.url));

/** The sample files as form fields. */
export const samples = async (): Promise<Record<'image' | 'audio', Blob>> => ({
  image: new File([await openAsBlob(sample('portrait.jpg'))], 'portrait.jpg'),
  audio: new File([await openAsBlob(sample('voiceover.mp3'))], 'voiceover.mp3'),
});

/** A complete blob of a job, inserted by SQL: for tests that need a job, not an upload. */
export async function createJob(
  db: Db,
  apiKeyId: string,
  webhookUrl: string | null = null,
): Promise<string> {
  const processId = await db.first(sql<{ id: number }>`
    insert into vidgen.process (kind, host, pid, beat_at) values ('web', 'test', 1, now() + interval '1 day') returning id`);
  const blob = async () => {
    const row = await db.first(sql<{ id: string }>`
      insert into vidgen.blob (process_id, content_type, size, sha256)
      values (${processId?.id}, 'audio/mpeg', 0, ${createHash('sha256').digest()}) returning id`);
    return row?.id as string;
  };
  const [image, audio] = [await blob(), await blob()];
  const job = await call(db, 'create_job', {
    api_key_id: apiKeyId,
    image_blob_id: image,
    audio_blob_id: audio,
    webhook_url: webhookUrl,
  });
  return job.job_id;
}
