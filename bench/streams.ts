import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '../src/postgres/db.ts';
import { eventsOf } from '../test/support/event_stream.ts';
import { workerOn } from '../test/support/job_moves.ts';
import type { Api } from './api_client.ts';
import { cpuOfPostgres } from './cpu.ts';
import { cpuNote, ipOf } from './http_load.ts';
import type { Measurement } from './measurement.ts';
import { median } from './statistics.ts';

const streams = 1_000;
const changes = 20;

/** The cost of a thousand open streams of one job: in memory, and to send all of them a change. */
export async function benchStreams(
  api: Api,
  db: Db,
  jobId: string,
  headers: Record<string, string>,
): Promise<Measurement[]> {
  const closing = new AbortController();
  let told = 0;
  let opened = 0;
  const openStreams = (count: number) =>
    Promise.all(
      Array.from({ length: count }, async () => {
        const response = await fetch(`${api.url}/api/jobs/${jobId}/events`, {
          headers: { ...headers, 'X-Test-Ip': ipOf(opened++) },
          signal: closing.signal,
        });
        const events = eventsOf(response);
        await events.next();
        void countAll(events).catch(() => {}); // it is aborted at the end
      }),
    );
  const countAll = async (events: AsyncGenerator) => {
    while (!(await events.next()).done) told += 1;
  };
  // The first streams load the code, which is not part of their cost.
  await openStreams(100);
  const before = await api.resident();
  await openStreams(streams);
  const perStream = ((await api.resident()) - before) / streams;

  const worker = await workerOn(db);
  const change = async (act: () => Promise<unknown>) => {
    const [all, from] = [told + opened, performance.now()];
    await act();
    while (told < all) await delay(1);
    return performance.now() - from;
  };
  await change(() => worker.claim(jobId));
  const cpu = () => Promise.all([api.cpu(), cpuOfPostgres(db)]);
  const cpuBefore = await cpu();
  const times: number[] = [];
  for (let percent = 1; percent <= changes; percent++)
    times.push(await change(() => worker.progress(jobId, percent)));
  const [ofApi = 0, ofPostgres = 0] = (await cpu()).map(
    (used, i) => (1_000 * (used - (cpuBefore[i] ?? 0))) / (changes * opened),
  );
  closing.abort();
  return [
    {
      name: 'memory of an open stream of events',
      value: Math.round(perStream / 1024),
      unit: 'KB',
      note: `with ${streams} open`,
    },
    {
      name: `from a change until all of ${opened} streams are told`,
      value: median(times),
      unit: 'ms',
      note: `${Math.round((1_000 * opened) / median(times))} events a second, each ${cpuNote({ cpu: { api: ofApi, postgres: ofPostgres } })}`,
    },
  ];
}
