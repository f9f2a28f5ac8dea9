import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { call } from '../src/postgres/call.ts';
import { untilServed } from '../test/chaos/crowd.ts';
import { createFleet, type Fleet, type Process } from '../test/chaos/fleet.ts';
import type { Cleanup } from '../test/support/database.ts';
import { createKey } from '../test/support/service.ts';
import type { Measurement } from './measurement.ts';
import { ffmpeg } from './recipe.ts';
import { median } from './statistics.ts';

/** Lengths in seconds, and what moves: each job is another one. */
const kinds = [
  { seconds: 5, waveform: 'none' },
  { seconds: 60, waveform: 'none' },
  { seconds: 240, waveform: 'none' },
  { seconds: 4, waveform: 'progress' },
];
const rounds = 2;
const sampleEveryMs = 500;

/**
 * How far off queuePosition and estimatedSecondsLeft are: jobs of other lengths and kinds, a worker with one
 * slot, and a past of as many finished ones.
 */
export async function benchEstimates(t: Cleanup, databaseUrl: string): Promise<Measurement[]> {
  const dir = await mkdtemp(join(tmpdir(), 'vidgen-bench-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const fleet = await createFleet(t, { databaseUrl });
  const web = await fleet.web();
  await fleet.worker();
  await submitKinds(fleet, web, dir);
  await untilServed(fleet);
  await call(fleet.db, 'admin.pause_queue');
  const measured = await submitKinds(fleet, web, dir);
  await call(fleet.db, 'admin.resume_queue');
  return judge(await sampled(fleet, measured));
}

async function submitKinds(fleet: Fleet, web: Process, dir: string): Promise<string[]> {
  const client = fleet.client(web);
  const image = join(dir, 'image.jpg');
  await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=size=1280x720', '-frames:v', '1', image);
  const jobIds: string[] = [];
  for (let round = 0; round < rounds; round++)
    for (const { seconds, waveform } of kinds) {
      const audio = join(dir, `${seconds}.mp3`);
      if (round === 0)
        await ffmpeg('-f', 'lavfi', '-i', `sine=frequency=330:duration=${seconds}`, audio);
      const response = await client.submit(await createKey(fleet.db), {
        ...{ image: new Blob([await readFile(image)]), waveform },
        audio: new Blob([await readFile(audio)]),
      });
      jobIds.push(((await response.json()) as { jobId: string }).jobId);
    }
  return jobIds;
}

type Sample = { jobId: string; at: number; position: number | null; left: number | null };
type Ended = { jobId: string; isMoving: boolean; startedAt: number; endedAt: number };

/** What the service says of each job until it has ended, and what came true. */
async function sampled(fleet: Fleet, jobIds: string[]) {
  const samples: Sample[] = [];
  for (;;) {
    const rows = await fleet.db.run(sql<Sample>`
      select job ->> 'id' as "jobId", extract(epoch from clock_timestamp())::float8 as at,
        (job ->> 'queuePosition')::int as position, (job ->> 'estimatedSecondsLeft')::int as left
      from (select api.job_json(j, '', '1 day') as job from vidgen.job j
        where j.status in ('PENDING', 'PROCESSING') and j.id = any(${jobIds})) s`);
    if (rows.length === 0) break;
    samples.push(...rows);
    await delay(sampleEveryMs);
  }
  const ended = await fleet.db.run(sql<Ended>`
    select id as "jobId", is_moving as "isMoving", extract(epoch from started_at)::float8 as "startedAt",
      extract(epoch from finished_at)::float8 as "endedAt"
    from vidgen.job where id = any(${jobIds})`);
  return { samples, ended: new Map(ended.map((job) => [job.jobId, job])) };
}

function judge({ samples, ended }: Awaited<ReturnType<typeof sampled>>): Measurement[] {
  const off: number[] = [];
  const misplaced: number[] = [];
  for (const { jobId, at, position, left } of samples) {
    const job = ended.get(jobId);
    if (!job) continue;
    const really = job.endedAt - at;
    // Estimates are whole seconds, rounded up.
    if (left !== null && really >= 2) off.push(Math.abs(left - 0.5 - really) / really);
    if (position === null) continue;
    // What moves has slots of its own.
    const ahead = [...ended.values()].filter(
      (other) =>
        other.isMoving === job.isMoving && other.startedAt > at && other.startedAt < job.startedAt,
    );
    misplaced.push(Math.abs(position - 1 - ahead.length));
  }
  return [
    {
      name: 'estimatedSecondsLeft: how far half of them are off, of the time it took',
      value: 100 * median(off),
      unit: '%',
      must: 30,
      note: `${off.length} estimates of ${ended.size} jobs from 4 s to 4 min, still and moving`,
    },
    {
      name: 'queuePosition: places that it was off, at most',
      value: Math.max(...misplaced),
      unit: 'jobs',
      must: 1,
      note: `${misplaced.length} positions`,
    },
  ];
}
