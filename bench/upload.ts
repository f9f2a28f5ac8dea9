import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { openEmbeddedPostgres } from '../src/embedded_postgres/open.ts';
import { type Db, openDb } from '../src/postgres/db.ts';
import { migrate } from '../src/postgres/migrate.ts';
import { chunkBytes } from '../src/storage/chunks.ts';
import { multipart, pngOf, wavOf } from '../test/support/multipart.ts';
import { createKey } from '../test/support/service.ts';
import { startApi } from './api_client.ts';
import type { Measurement } from './measurement.ts';

const clients = 8;
const rounds = 2;
const fileBytes = 50 * 1024 * 1024;
const totalBytes = clients * 2 * fileBytes;
const mebibyte = 1024 * 1024;

/**
 * Eight clients at once submit two files of 50 MB each: how much memory that takes in the API process, and
 * how fast it is compared with writing the same chunks into Postgres without HTTP. Starts an API and a
 * PostgreSQL with production durability; takes about a minute and 4 GB of disk.
 */
export async function benchUpload(): Promise<Measurement[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'vidgen-bench-upload-'));
  const postgres = await openEmbeddedPostgres({ dataDir, log: () => {}, role: 'owner' });
  try {
    await migrate(postgres.addresses.owner);
    return await measure(postgres.addresses.owner);
  } finally {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function measure(databaseUrl: string): Promise<Measurement[]> {
  const db = openDb(databaseUrl, { max: 1 });
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 6 });
  const api = await startApi('service', databaseUrl);
  const { url } = api;
  try {
    await submit(db, url, 100_000);
    const idle = await api.resident();
    let peak = idle;
    const watching = setInterval(async () => {
      peak = Math.max(peak, await api.resident());
    }, 50);
    // In turns, and the best of each, because other activity only ever adds time.
    const through: number[] = [];
    const direct: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      through.push(await seconds(() => submit(db, url, fileBytes)));
      direct.push(await seconds(() => writeDirectly(pool)));
    }
    clearInterval(watching);
    const [best, bound] = [Math.min(...through), Math.min(...direct)];
    const speed = (time: number) => Math.round(totalBytes / mebibyte / time);
    return [
      {
        name: 'memory of 8 uploads of 2 × 50 MB at once, over idle',
        value: Math.round((peak - idle) / mebibyte),
        unit: 'MB',
        must: 120,
        note: `resident: ${Math.round(idle / mebibyte)} MB idle, ${Math.round(peak / mebibyte)} MB at the peak`,
      },
      {
        name: 'upload speed, of that of writing the chunks directly',
        value: Number((bound / best).toFixed(2)),
        unit: 'ratio',
        must: 0.6,
        note: `${speed(best)} MB/s over HTTP, ${speed(bound)} MB/s directly`,
      },
    ];
  } finally {
    await Promise.all([api.stop(), db.close(), pool.end()]);
  }
}

const atOnce = (work: (n: number) => Promise<void>) =>
  Promise.all(Array.from({ length: clients }, (_, n) => work(n)));

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1000;
}

/** All clients at once, each with a key of its own: a key has one active job. */
async function submit(db: Db, url: string, size: number): Promise<void> {
  const { body, contentType } = multipart({ image: pngOf(size), audio: wavOf(size) });
  const keys = await Promise.all(
    Array.from({ length: clients }, (_, n) => createKey(db, `${size} ${n} ${performance.now()}`)),
  );
  await atOnce(async (n) => {
    const headers = {
      'X-API-Key': keys[n]?.apiKey,
      'X-Test-Ip': `10.0.0.${n}`,
      'Content-Type': contentType,
      'Content-Length': body.length,
    };
    const post = request(`${url}/api/jobs`, { method: 'POST', headers });
    const answered = once(post, 'response');
    await pipeline(Readable.from(slices(body, 64 * 1024)), post);
    const [response] = await answered;
    response.resume();
    if (response.statusCode !== 201) throw new Error(`Answered with ${response.statusCode}.`);
  });
}

/** Writes what the store writes, with as many writers and connections. */
async function writeDirectly(pool: pg.Pool): Promise<void> {
  const bytes = Buffer.alloc(2 * fileBytes, wavOf(65_521).bytes);
  await atOnce(async () => {
    const { rows } = await pool.query("select api.begin_blob(1, 'audio/wav') as id");
    const chunks = [...slices(bytes, chunkBytes)].entries();
    const write = async () => {
      for (const [n, chunk] of chunks) {
        await pool.query({
          name: 'append',
          text: 'select api.append_blob_chunk($1, $2, $3)',
          values: [rows[0].id, n, chunk],
        });
      }
    };
    await Promise.all([write(), write(), write()]);
  });
}

function* slices(bytes: Buffer, size: number): Generator<Buffer> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}
