import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { openAsBlob } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { openDb } from '../src/postgres/db.ts';
import { migrate } from '../src/postgres/migrate.ts';
import { freePort } from '../src/process/free_port.ts';
import { startVidgen } from '../test/support/command.ts';
import { databaseOn, startTestServer } from '../test/support/server.ts';
import { clientOf, type Key, sample } from '../test/support/service.ts';
import type { Measurement } from './measurement.ts';
import { at } from './statistics.ts';

const polls = 1_500;
const jobs = 4;

/**
 * How fast status polls are while the same process renders on every core: the API and the worker of `vidgen
 * start`, polled before and during the rendering of four files of ten minutes.
 */
export async function benchResponsive(): Promise<Measurement[]> {
  const server = await startTestServer();
  const folder = await mkdtemp(join(tmpdir(), 'vidgen-bench-'));
  const databaseUrl = databaseOn(server.url, server.template);
  await migrate(databaseUrl);
  const db = openDb(databaseUrl);
  const port = await freePort();
  const service = startVidgen(
    {
      ...{ PORT: String(port), DATABASE_URL: databaseUrl, DATA_DIR: folder, LOG_LEVEL: 'error' },
      CLIENT_IP_SOURCE: 'header:X-Test-Ip',
    },
    'start',
  );
  service.stdout?.resume();
  service.stderr?.pipe(process.stderr);
  const exited = once(service, 'exit');
  try {
    const client = clientOf(`http://127.0.0.1:${port}`, db);
    while (!(await client.call('/api/health').catch(() => null))?.ok) await delay(100);
    const audioPath = join(folder, 'long.mp3');
    const noise = ['-f', 'lavfi', '-i', 'anoisesrc=d=600:c=pink:r=44100', '-b:a', '128k'];
    await promisify(execFile)('ffmpeg', ['-v', 'error', ...noise, audioPath]);
    const image = new File([await openAsBlob(sample('portrait.jpg'))], 'portrait.jpg');
    const audio = new File([await openAsBlob(audioPath)], 'long.mp3');
    const key = await client.createKey();
    const { jobId } = (await (await client.submit(key)).json()) as { jobId: string };
    await client.until(key, jobId, 'COMPLETED');
    const poll = () => pollTimes(client.call, key, jobId);

    await poll();
    const idle = await poll();
    const keys = await Promise.all(Array.from({ length: jobs }, () => client.createKey()));
    for (const busy of keys) await client.submit(busy, { image, audio });
    const rendering = await poll();
    return [
      { name: 'status poll, idle: p50', value: at(idle, 0.5), unit: 'ms' },
      { name: 'status poll, idle: p99', value: at(idle, 0.99), unit: 'ms' },
      { name: 'status poll while all cores render: p50', value: at(rendering, 0.5), unit: 'ms' },
      { name: 'status poll while all cores render: p99', value: at(rendering, 0.99), unit: 'ms' },
      {
        name: 'p99 while rendering / p99 idle',
        value: at(rendering, 0.99) / at(idle, 0.99),
        unit: '×',
        must: 5,
      },
    ];
  } finally {
    service.kill('SIGTERM');
    await exited;
    await db.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Milliseconds of each poll; one after the other, as a client does. */
async function pollTimes(
  call: ReturnType<typeof clientOf>['call'],
  key: Key,
  jobId: string,
): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < polls; i += 1) {
    const began = performance.now();
    await (await call(`/api/status/${jobId}`, key)).arrayBuffer();
    times.push(performance.now() - began);
  }
  return times;
}
