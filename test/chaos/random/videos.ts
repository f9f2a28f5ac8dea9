import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import pg from 'pg';
import { openBlobStore } from '../../../src/storage/open.ts';
import { probe } from '../../support/media.ts';
import { tinyFacts } from '../../support/tiny_inputs.ts';
import type { Ledger } from './customer.ts';

const atMost = 30;

/** Checks some of the videos: each must have its own customer's picture and sound. */
export async function wrongVideos(
  databaseUrl: string,
  ledger: Ledger,
  tmp: string,
): Promise<string[]> {
  const faults: string[] = [];
  const store = openBlobStore(databaseUrl, { connections: 1 });
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const completed = ledger.accepted.filter((job) => job.end === 'COMPLETED');
    const step = Math.max(1, completed.length / atMost);
    for (let n = 0; n < completed.length; n += step) {
      const job = completed[Math.floor(n)];
      if (!job || job.inputs === null) continue;
      const { rows } = await client.query(
        `select id from vidgen.blob where job_id = $1 and kind = 'video'`,
        [job.jobId],
      );
      const path = join(tmp, `${job.jobId}.mp4`);
      await writeFile(path, await buffer(store.read(rows[0].id)));
      const fault = await wrongVideo(path, job.inputs);
      if (fault) faults.push(`job ${job.jobId}: ${fault}`);
    }
  } finally {
    await client.end();
    await store.close();
  }
  return faults;
}

/** What is wrong with a video of `tinyInputs(inputs)`, or undefined. */
export async function wrongVideo(path: string, inputs: number): Promise<string | undefined> {
  const { streams, format } = (await probe(path)).probed;
  const { width, height, seconds } = tinyFacts(inputs);
  const video = streams.find((stream) => stream.codec_type === 'video');
  const length = Number(format.duration);
  if (video?.width === width && video.height === height && Math.abs(length - seconds) <= 0.1)
    return undefined;
  return `its video is ${video?.width} x ${video?.height}, ${length} s`;
}
