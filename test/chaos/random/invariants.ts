import { readdir } from 'node:fs/promises';
import { sql } from 'kysely';
import type { Db } from '../../../src/postgres/db.ts';
import type { Received } from '../../support/receiver.ts';
import { tinyFacts } from '../../support/tiny_inputs.ts';
import type { Accepted, Ledger } from './customer.ts';

/** Records every move of a job from now on. */
export const recordMoves = async (db: Db): Promise<void> => {
  await db.run(sql`create table public.move (n bigserial, job_id text, before text, after text)`);
  await db.run(sql`
    create function public.note_move() returns trigger language plpgsql as $$
    begin
      insert into public.move (job_id, before, after) values (new.id, case tg_op when 'UPDATE' then old.status end, new.status);
      return null;
    end $$`);
  await db.run(sql`
    create trigger note_insert after insert on vidgen.job
    for each row execute function public.note_move()`);
  // A claim repeated after a lost answer leaves the job PROCESSING; that is not a move.
  await db.run(sql`
    create trigger note_update after update on vidgen.job
    for each row when (old.status <> new.status) execute function public.note_move()`);
};

type Job = {
  id: string;
  status: string;
  moves: string[];
  attempt: number;
  webhook: string | null;
  message_id: string | null;
  width: number | null;
  height: number | null;
  audio_seconds: number | null;
  outputs: string[] | null;
};

/** Checks what must hold once all jobs have ended and no process runs. Returns the violations. */
export async function broken(
  db: Db,
  ledger: Ledger,
  received: Received[],
  tmp: string,
): Promise<string[]> {
  const jobs = await db.run(sql<Job>`
    select j.id, j.status, j.attempt, j.width, j.height, j.audio_seconds,
      (select array_agg(m.after order by m.n) from public.move m where m.job_id = j.id) as moves,
      (select w.status from vidgen.webhook w where w.job_id = j.id) as webhook,
      (select w.message_id from vidgen.webhook w where w.job_id = j.id) as message_id,
      (select array_agg(b.kind order by b.kind) from vidgen.blob b
        where b.job_id = j.id and b.kind in ('video', 'poster')) as outputs
    from vidgen.job j`);
  const known = new Map(jobs.map((job) => [job.id, job]));
  const sent = requestsByJob(received);
  const faults = ledger.accepted.flatMap((accepted) => {
    const job = known.get(accepted.jobId);
    if (!job) return [`job ${accepted.jobId} was accepted and is not there`];
    return faultsOf(job, accepted, sent.get(job.id) ?? []).map(
      (fault) => `job ${job.id}: ${fault}`,
    );
  });
  if (jobs.length !== new Set(ledger.accepted.map((job) => job.jobId)).size)
    faults.push(`${jobs.length} jobs for ${ledger.accepted.length} accepted ones`);
  return [...faults, ...(await leftBehind(db)), ...(await temporaryFiles(tmp))];
}

function faultsOf(job: Job, accepted: Accepted, requests: Received[]): string[] {
  const faults: string[] = [];
  const must = (holds: boolean, fault: string) => holds || faults.push(fault);
  const moves = job.moves.join(' ');
  must(
    /^PENDING( PROCESSING PENDING)*( PROCESSING (COMPLETED|FAILED)| CANCELLED)$/.test(moves),
    `it went ${moves}`,
  );
  must(job.status === accepted.end, `it was ${accepted.end} and is ${job.status}`);
  must(!accepted.cancelled || job.status === 'CANCELLED', `it was cancelled and is ${job.status}`);
  const isDone = job.status === 'COMPLETED';
  must(!isDone || accepted.inputs !== null, 'a video of audio that cannot be decoded');
  must(
    isDone ? String(job.outputs) === 'poster,video' : job.outputs === null,
    `its results are ${job.outputs}`,
  );
  if (isDone && accepted.inputs !== null) {
    const { width, height, seconds } = tinyFacts(accepted.inputs);
    must(
      job.width === width &&
        job.height === height &&
        Math.abs((job.audio_seconds ?? 0) - seconds) < 0.01,
      `a video of ${job.width} x ${job.height}, ${job.audio_seconds} s instead of ${width} x ${height}, ${seconds} s`,
    );
  }
  if (accepted.hasWebhook && job.status !== 'CANCELLED') {
    must(job.webhook === 'delivered', `its webhook is ${job.webhook}`);
    must(requests.length > 0, 'its webhook never came');
    const ids = new Set(requests.map((request) => request.headers['webhook-id']));
    must(ids.size === 1 && ids.has(job.message_id ?? ''), `webhook ids ${[...ids]}`);
    const bodies = new Set(requests.map((request) => request.body.toString()));
    must(bodies.size === 1, 'its webhook had different bodies');
    must(
      [...bodies].every((body) => JSON.parse(body).status === job.status),
      'a wrong status was sent',
    );
  } else must(requests.length === 0, 'a webhook that nobody asked for');
  return faults;
}

function requestsByJob(received: Received[]): Map<string, Received[]> {
  const byJob = new Map<string, Received[]>();
  for (const request of received) {
    const { jobId } = JSON.parse(request.body.toString());
    byJob.set(jobId, [...(byJob.get(jobId) ?? []), request]);
  }
  return byJob;
}

async function leftBehind(db: Db): Promise<string[]> {
  const rows = await db.run(sql<{ what: string }>`
    select format('two active jobs of key %s', api_key_id) as what from vidgen.job
      where status in ('PENDING', 'PROCESSING') group by api_key_id having count(*) > 1
    union all select format('two active jobs of key %s at a time', api_key_id) from (
        select j.api_key_id, sum(case when m.before is null then 1
            when m.after in ('COMPLETED', 'FAILED', 'CANCELLED') then -1 else 0 end)
          over (partition by j.api_key_id order by m.n) as active
        from public.move m join vidgen.job j on j.id = m.job_id) moves
      group by api_key_id having max(active) > 1
    union all select format('process %s (%s)', id, kind) from vidgen.process
    union all select format('queue row %s locked by %s', key, locked_by) from graphile_worker.jobs
      where locked_by is not null
    union all select format('queue row %s', key) from graphile_worker.jobs where key <> 'tidy'
    union all select format('blob %s without an owner', id) from vidgen.blob where job_id is null
    union all select format('blob %s is not what its hash says', b.id) from vidgen.blob b
      where b.object_key is null and b.sha256 <> sha256(coalesce((select string_agg(c.bytes, ''::bytea order by c.n)
        from vidgen.blob_chunk c where c.blob_id = b.id), ''))
    union all select format('attempt %s of job %s has no end', attempt, job_id) from vidgen.attempt where ended_at is null
    union all select format('jobs of key %s are miscounted', c.api_key_id) from vidgen.job_count c
      where c.jobs <> (select count(*) from vidgen.job j where j.api_key_id = c.api_key_id)
    union all select format('storage of key %s is miscounted', s.api_key_id) from vidgen.storage s
      where s.bytes <> (select coalesce(sum(b.size), 0) from vidgen.blob b where b.api_key_id = s.api_key_id)
        + (select coalesce(sum(octet_length(d.response_head)), 0) from vidgen.delivery d
          where d.api_key_id = s.api_key_id)`);
  return rows.map((row) => `left behind: ${row.what}`);
}

const temporaryFiles = async (tmp: string): Promise<string[]> =>
  (await readdir(tmp))
    .filter((name) => name.startsWith('vidgen-'))
    .map((name) => `left behind: temporary folder ${name}`);
