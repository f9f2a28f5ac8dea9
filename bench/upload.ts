import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { chunkBytes } from '../src/storage/chunks.ts';
import { multipart, pngOf, wavOf } from '../test/support/multipart.ts';

const clients = 8;
const fileBytes = 50 * 1024 * 1024;
const totalBytes = clients * 2 * fileBytes;
const mebibyte = 1024 * 1024;

/**
 * Eight clients at once, each with two files of 50 MB: how much memory that takes in the API process,
 * and how fast it is beside writing the same chunks into Postgres without any HTTP.
 *
 * @param databaseUrl a migrated database with the durability it has in use; left as it was found
 */
export async function benchUpload(databaseUrl: string) {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 6 });
  const api = fork(new URL('./upload_api.ts', import.meta.url), [databaseUrl]);
  try {
    const [{ url }] = (await once(api, 'message')) as [{ url: string }];
    await submit(url, 100_000);
    const idle = await memory(api);
    const through = await seconds(() => all(() => submit(url, fileBytes)));
    const busy = await memory(api);
    const direct = await seconds(() => all(() => writeDirectly(pool)));
    const speed = (time: number) => Math.round(totalBytes / mebibyte / time);
    return [
      {
        name: 'upload memory growth, 8 clients of 2 × 50 MB',
        value: Math.round((busy.peak - idle.now) / mebibyte),
        unit: 'MB',
        must: 120,
        note: `resident: ${Math.round(idle.now / mebibyte)} MB idle, ${Math.round(busy.peak / mebibyte)} MB at its peak`,
      },
      {
        name: 'upload speed, of that of writing the chunks directly',
        value: Number((direct / through).toFixed(2)),
        unit: 'ratio',
        must: 0.6,
        note: `${speed(through)} MB/s over HTTP, ${speed(direct)} MB/s directly`,
      },
    ];
  } finally {
    api.kill();
    await pool.query(
      'select api.discard_blobs(array(select id from vidgen.blob where job_id is null))',
    );
    await pool.end();
  }
}

const all = (work: () => Promise<void>) => Promise.all(Array.from({ length: clients }, work));

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1000;
}

async function memory(api: ChildProcess): Promise<{ now: number; peak: number }> {
  api.send('memory');
  const [answer] = await once(api, 'message');
  return answer;
}

const forms = new Map<number, ReturnType<typeof multipart>>();

async function submit(url: string, size: number): Promise<void> {
  const form = forms.get(size) ?? multipart({ image: pngOf(size), audio: wavOf(size) });
  forms.set(size, form);
  const post = request(`${url}/api/jobs`, {
    method: 'POST',
    headers: { 'Content-Type': form.contentType, 'Content-Length': form.body.length },
  });
  const answered = once(post, 'response');
  await pipeline(Readable.from(slices(form.body, 64 * 1024)), post);
  const [response] = await answered;
  response.resume();
  if (response.statusCode !== 201)
    throw new Error(`An upload was answered with ${response.statusCode}.`);
}

async function writeDirectly(pool: pg.Pool): Promise<void> {
  const bytes = forms.get(fileBytes)?.body ?? Buffer.alloc(0);
  const { rows } = await pool.query("select api.begin_blob(1, 'bench') as id");
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
}

function* slices(bytes: Buffer, size: number): Generator<Buffer> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}
