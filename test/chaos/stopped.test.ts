import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { suiteCleanup } from '../support/database.ts';
import { answer } from '../support/receiver.ts';
import { createKey } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';
import { until, untilRow } from '../support/until.ts';
import type { Fleet } from './fleet.ts';
import { type HeldFfmpeg, poison, runs, slow } from './inputs.ts';
import { type Relay, startRelay } from './relay.ts';

type Attempt = { attempt: number; outcome: string | null };

describe('a worker stops in the middle of its work', () => {
  const cleanup = suiteCleanup();
  let relay: Relay;
  let fleet: Fleet;
  let ffmpeg: HeldFfmpeg;
  before(async () => {
    relay = await startRelay(cleanup);
    ({ fleet, held: ffmpeg } = relay);
  });

  const createJob = async () => fleet.createJob((await createKey(fleet.db)).id, await tinyInputs());
  const attemptsOf = (jobId: string) =>
    fleet.db.run(
      sql<Attempt>`select attempt, outcome from vidgen.attempt where job_id = ${jobId} order by attempt`,
    );
  const completed = (jobId: string) =>
    untilRow(
      'the job is COMPLETED',
      fleet.db,
      sql`select from vidgen.job where id = ${jobId} and status = 'COMPLETED'`,
      60_000,
    );

  test('SIGTERM with three jobs running: finished or handed back, nothing stays locked', async () => {
    await ffmpeg.hold();
    const worker = await relay.worker();
    const jobs: string[] = [];
    for (let n = 0; n < 3; n++) jobs.push(await createJob());
    const count = (status: string) => sql`
      select from vidgen.job where id = any(${jobs}) and status = ${status} having count(*) = 3`;
    await untilRow('all its slots are rendering', fleet.db, count('PROCESSING'));
    worker.kill('SIGTERM');
    await ffmpeg.go();
    assert.deepEqual(await worker.exited, { code: 0, signal: null }, worker.output());
    // Usually finished; on a machine too busy to finish within the grace period, back in the queue.
    const lost = sql`
      select id, status from vidgen.job j
      where id = any(${jobs}) and status <> 'COMPLETED' and not (status = 'PENDING'
        and exists (select from graphile_worker.jobs q where q.key = 'render:' || j.id))`;
    const locked = sql`select key from graphile_worker.jobs where locked_by is not null`;
    const processes = sql`select id from vidgen.process where kind = 'worker'`;
    for (const none of [lost, locked, processes]) assert.deepEqual(await fleet.db.run(none), []);
    await relay.worker();
    await untilRow('all three are completed', fleet.db, count('COMPLETED'));
  });

  test('SIGTERM with a render that takes too long: it is handed back at its place, and that counts for nothing', async () => {
    await ffmpeg.hold();
    const worker = await relay.worker();
    const jobId = await createJob();
    const held = await ffmpeg.held();
    worker.kill('SIGTERM');
    assert.deepEqual(await worker.exited, { code: 0, signal: null }, worker.output());
    for (const pid of held) assert.equal(await runs(pid), false);
    const [row] = await fleet.db.run(sql`
      select j.status, j.error_message, q.locked_by, q.run_at = j.created_at as same_place
      from vidgen.job j join graphile_worker.jobs q on q.key = 'render:' || j.id where j.id = ${jobId}`);
    assert.deepEqual(row, {
      status: 'PENDING',
      error_message: null,
      locked_by: null,
      same_place: true,
    });
    assert.deepEqual(await attemptsOf(jobId), [{ attempt: 1, outcome: 'released' }]);
    await ffmpeg.go();
    await relay.worker();
    await completed(jobId);
  });

  test('stopped (SIGSTOP) in a render: the job moves on, and the woken one ends itself and its ffmpeg', async () => {
    await ffmpeg.hold();
    const victim = await relay.worker();
    const jobId = await createJob();
    const held = await ffmpeg.held();
    await relay.nextWorker(relay.poisoned);
    victim.kill('SIGSTOP');
    await untilRow(
      'the job has left the stopped worker',
      fleet.db,
      sql`select from vidgen.attempt where job_id = ${jobId} and outcome = 'worker died'`,
    );
    await completed(jobId);

    victim.kill('SIGCONT');
    const { code } = await victim.exited;
    assert.equal(code, 1, victim.output());
    for (const pid of held) await until(`ffmpeg ${pid} has gone`, async () => !(await runs(pid)));
    assert.deepEqual(await attemptsOf(jobId), [
      { attempt: 1, outcome: 'worker died' },
      { attempt: 2, outcome: 'completed' },
    ]);
    const blobs = await fleet.db.run(
      sql`select from vidgen.blob where (kind = 'video' and job_id = ${jobId}) or job_id is null`,
    );
    assert.equal(blobs.length, 1, 'one video, nothing unowned');
    await ffmpeg.go();
  });

  test('a file that kills the worker: FAILED at the third death, and the job beside it is not blamed', async () => {
    const { receiver, client, poisoned: ffmpeg } = relay;
    receiver.received.length = 0;
    receiver.answers = [answer(200)];
    let worker = await relay.worker(ffmpeg);
    const [poisoner, neighbour] = [await createKey(fleet.db), await createKey(fleet.db)];
    const submit = async (key: typeof poisoner, mark: string) => {
      const fields = { ...(await tinyInputs(0, mark)), webhookUrl: receiver.url };
      const response = await client.submit(key, fields);
      assert.equal(response.status, 201);
      return ((await response.json()) as { jobId: string }).jobId;
    };
    const poisoned = await submit(poisoner, poison);
    const beside = await submit(neighbour, slow);

    for (let death = 1; death <= 3; death++) {
      if (death > 1) worker = fleet.mortal({ ...ffmpeg.env });
      const { signal } = await worker.exited;
      assert.equal(signal, 'SIGKILL', worker.output());
      await ffmpeg.release();
    }
    const status = await client.until(poisoner, poisoned, 'FAILED');
    assert.match(status.errorMessage ?? '', /three times.*try other files/);
    assert.deepEqual(
      (await attemptsOf(poisoned)).map((attempt) => attempt.outcome),
      ['worker died', 'worker died', 'worker died'],
    );
    const last = await relay.worker(ffmpeg);
    await client.until(neighbour, beside, 'COMPLETED');
    const again = await submit(poisoner, '');
    await client.until(poisoner, again, 'COMPLETED');
    await receiver.until(3);
    const sent = receiver.received.map((request) => JSON.parse(request.body.toString()));
    assert.deepEqual(
      new Map(sent.map((body) => [body.jobId, body.status])),
      new Map([
        [poisoned, 'FAILED'],
        [beside, 'COMPLETED'],
        [again, 'COMPLETED'],
      ]),
    );
    assert.equal(last.hasExited(), false);
    const blamed = await attemptsOf(beside);
    assert.equal(blamed.filter(({ outcome }) => outcome === 'worker died').length, 1);
  });
});
