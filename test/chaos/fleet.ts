import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { sql } from 'kysely';
import { call } from '../../src/postgres/call.ts';
import { type Db, openDb } from '../../src/postgres/db.ts';
import { freePort } from '../../src/process/free_port.ts';
import { openBlobStore } from '../../src/storage/open.ts';
import { program } from '../support/command.ts';
import { type Cleanup, createDatabase, inReverse } from '../support/database.ts';
import { secretsKey } from '../support/server.ts';
import { clientOf, type Service } from '../support/service.ts';
import { until, untilRow } from '../support/until.ts';

export type Ended = { code: number | null; signal: NodeJS.Signals | null };

/** A process of the service, started as an operator would start it. */
export type Process = {
  kind: 'web' | 'worker';
  pid: number;
  /** Of a web process. */
  url: string;
  kill(signal: NodeJS.Signals): void;
  exited: Promise<Ended>;
  hasExited(): boolean;
  /** Its stdout and stderr so far. */
  output(): string;
};

export type Fleet = {
  databaseUrl: string;
  db: Db;
  /** Temporary files of all processes. */
  tmp: string;
  web(env?: Record<string, string>): Promise<Process>;
  worker(env?: Record<string, string>): Promise<Process>;
  /** A worker that may end before it is ready. */
  mortal(env?: Record<string, string>): Process;
  client(web: Process): Omit<Service, 'databaseUrl' | 'db' | 'config'>;
  /** Makes a job without a web process. Resolves with its id. */
  createJob(apiKeyId: string, inputs: { image: Blob; audio: Blob }): Promise<string>;
};

/** Starts any number of real API and worker processes on one database; they end with the test. */
export async function createFleet(
  t: Cleanup,
  o: { databaseUrl?: string; env?: Record<string, string> } = {},
): Promise<Fleet> {
  const cleanup = inReverse(t);
  const databaseUrl = o.databaseUrl ?? (await createDatabase(cleanup)).url;
  const db = openDb(databaseUrl, { max: 3 });
  cleanup.after(() => db.close());
  const store = openBlobStore(databaseUrl, { connections: 2 });
  cleanup.after(() => store.close());
  const tmp = await mkdtemp(join(tmpdir(), 'vidgen-fleet-'));
  cleanup.after(() => rm(tmp, { recursive: true, force: true }));
  const start = (kind: 'web' | 'worker', port: number, env: Record<string, string> = {}) =>
    startProcess(cleanup, kind, port, {
      ...{ DATABASE_URL: databaseUrl, TMPDIR: tmp, SECRETS_KEY: secretsKey },
      ...{ WEBHOOK_ALLOW_CIDRS: '127.0.0.0/8', WEBHOOK_RETRY_SCHEDULE: '1,1,1,1,1,1,1' },
      ...{ PUBLIC_URL: 'http://videos.test', RENDER_CONCURRENCY: '1', ...o.env, ...env },
    });
  return {
    databaseUrl,
    db,
    tmp,
    web: async (env) => {
      const web = await start('web', await freePort(), env);
      await until(`web ${web.pid} answers`, async () => {
        mustRun(web);
        const health = await fetch(`${web.url}/api/health`).catch(() => undefined);
        return health?.ok;
      });
      return web;
    },
    worker: async (env) => {
      const worker = await start('worker', 0, env);
      await until(`worker ${worker.pid} takes tasks`, async () => {
        mustRun(worker);
        const row = await db.first(sql<{ ready: boolean }>`
          select cardinality(queue_pools) = 4 as ready from vidgen.process where pid = ${worker.pid}`);
        return row?.ready;
      });
      return worker;
    },
    mortal: (env) => start('worker', 0, env),
    client: (web) => clientOf(web.url, db),
    createJob: async (apiKeyId, { image, audio }) => {
      const keep = (blob: Blob, contentType: string) =>
        store.write(Readable.from(blob.stream()), { processId: 0, contentType });
      const [picture, sound] = [await keep(image, 'image/png'), await keep(audio, 'audio/wav')];
      const blobs = { image_blob_id: picture.id, audio_blob_id: sound.id };
      return (await call(db, 'create_job', { api_key_id: apiKeyId, ...blobs })).job_id;
    },
  };
}

function mustRun(process: Process): void {
  if (process.hasExited()) throw new Error(`${process.kind} did not start: ${process.output()}`);
}

export function startProcess(
  t: Cleanup,
  kind: 'web' | 'worker',
  port: number,
  env: Record<string, string>,
): Process {
  const child: ChildProcess = spawn(process.execPath, [...program, kind], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      ...{ HOST: '127.0.0.1', PORT: String(port), CLIENT_IP_SOURCE: 'header:X-Test-Ip' },
      ...{ LOG_LEVEL: 'warn', ...env },
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-20_000);
    });
  let ended: Ended | undefined;
  const exited = once(child, 'exit').then(([code, signal]) => {
    ended = { code, signal };
    return ended;
  });
  t.after(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  return {
    kind,
    pid: child.pid as number,
    url: `http://127.0.0.1:${port}`,
    kill: (signal) => void child.kill(signal),
    exited,
    hasExited: () => ended !== undefined,
    output: () => output,
  };
}

/** Backdates the watch, so that no test has to wait for it. */
export const watchedForLong = (db: Db) =>
  untilRow(
    'the watch begins',
    db,
    sql`
    update vidgen.watch set since = since - interval '1 hour' returning since`,
  );
