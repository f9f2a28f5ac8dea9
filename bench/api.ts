import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { openDb } from '../src/postgres/db.ts';
import { multipart, pngOf, wavOf } from '../test/support/multipart.ts';
import { databaseOn, startTestServer } from '../test/support/server.ts';
import { createJob, createKey } from '../test/support/service.ts';
import { startApi } from './api_client.ts';
import { best, connections, cpuNote, type Load, load } from './http_load.ts';
import type { Measurement } from './measurement.ts';
import { benchStreams } from './streams.ts';

const rounds = 4;
/** A key has one active job, so each submission of a round has a key of its own. */
const submitters = 3_000;

/**
 * How fast the API answers, relative to the same HTTP server and pool around one `select`: a status poll is
 * counted, its key is checked and its job is read. Also measures submissions of small files and the cost of
 * open streams. Starts a PostgreSQL and the processes it needs; takes about 40 seconds.
 */
export async function benchApi(): Promise<Measurement[]> {
  const postgres = await startTestServer();
  const databaseUrl = databaseOn(postgres.url, postgres.template);
  const db = openDb(databaseUrl, { max: 2, deadlineMs: 30_000 });
  const service = await startApi('service', databaseUrl, ['--expose-gc']);
  const select = await startApi('select', databaseUrl);
  try {
    const key = await createKey(db, 'bench');
    const jobId = await createJob(db, key.id);
    const word = randomBytes(8).toString('hex');
    await db.run(sql`
      insert into vidgen.job (api_key_id, status, finished_at)
      select ${key.id}, 'CANCELLED', now() from generate_series(1, 1000)`);
    await db.run(sql`
      insert into vidgen.api_key (name, key_sha256, key_prefix, webhook_secret)
      select 'submitter ' || n, sha256((${word} || n)::bytea), 'vg_', null
      from generate_series(0, ${submitters - 1}::int) n`);
    const headers = { 'X-API-Key': key.apiKey };
    const status = () => ({ path: `/api/status/${jobId}`, headers });
    const list = () => ({ path: '/api/jobs?limit=100', headers });
    const { body, contentType } = multipart({ image: pngOf(2_000), audio: wavOf(2_000) });
    const submission = (n: number) => ({
      ...{ path: '/api/jobs', method: 'POST' as const, body },
      headers: { 'X-API-Key': `${word}${n}`, 'Content-Type': contentType },
    });

    // Before the load, because streams would reuse the memory that it leaves.
    const streams = await benchStreams(service, db, jobId, headers);
    // In turns, so that other activity on the machine affects all equally.
    const loads: Record<'select' | 'poll' | 'list' | 'post', Load[]> = {
      ...{ select: [], poll: [], list: [], post: [] },
    };
    for (let round = 0; round < rounds; round++) {
      loads.select.push(await load(select, db, status));
      loads.poll.push(await load(service, db, status));
      loads.list.push(await load(service, db, list));
      loads.post.push(await load(service, db, submission, 201));
      await db.run(sql`delete from vidgen.job where status = 'PENDING'`);
    }
    const [one, poll] = [best(loads.select), best(loads.poll)];
    return [...rows(one, poll, best(loads.list), best(loads.post)), ...streams];
  } finally {
    await Promise.all([service.stop(), select.stop()]);
    await db.close();
    await postgres.stop();
  }
}

function rows(one: Load, poll: Load, list: Load, post: Load): Measurement[] {
  const ofSelect = ({ perSecond }: Load) => Math.round((100 * perSecond) / one.perSecond) / 100;
  return [
    {
      name: 'status polls a second, of those of one select',
      ...{ value: ofSelect(poll), unit: 'ratio', must: 0.45, aim: 0.8 },
      note: `${Math.round(poll.perSecond)} polls, ${Math.round(one.perSecond)} selects a second; ${cpuNote(poll)}`,
    },
    {
      name: 'status poll, 99th percentile, of that of one select',
      ...{ value: Math.round((100 * poll.p99) / one.p99) / 100, unit: 'ratio' },
      note: `${poll.p99.toFixed(1)} ms, ${one.p99.toFixed(1)} ms with ${connections} connections`,
    },
    {
      name: 'lists of 100 jobs a second, of those of one select',
      ...{ value: ofSelect(list), unit: 'ratio', must: 0.35 },
      note: `${Math.round(list.perSecond)} a second, all of one page; p99 ${list.p99.toFixed(1)} ms; ${cpuNote(list)}`,
    },
    {
      name: 'submissions of two small files a second',
      ...{ value: Math.round(post.perSecond), unit: '/s' },
      note: `p99 ${post.p99.toFixed(1)} ms; ${cpuNote(post)}`,
    },
  ];
}
