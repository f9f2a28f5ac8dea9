import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { answer, startReceiver } from '../support/receiver.ts';
import { createKey } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';
import { until, untilRow } from '../support/until.ts';
import { createFleet, type Fleet, watchedForLong } from './fleet.ts';
import { heldFfmpeg, poison, poisonedFfmpeg, runs, slow } from './inputs.ts';

type Attempt = { attempt: number; outcome: string | null };

const attemptsOf = (fleet: Fleet, jobId: string) =>
  fleet.db.run(
    sql<Attempt>`select attempt, outcome from vidgen.attempt where job_id = ${jobId} order by attempt`,
  );

const ended = (fleet: Fleet, jobId: string, status: string) =>
  untilRow(
    `the job is ${status}`,
    fleet.db,
    sql`select from vidgen.job where id = ${jobId} and status = ${status}`,
    60_000,
  );

describe('a worker stops', { concurrency: true }, () => {
  test('stopped (SIGSTOP) in a render: the job moves on, and the woken one ends itself and its ffmpeg', async (t) => {
    const fleet = await createFleet(t);
    const ffmpeg = await heldFfmpeg(t);
    await ffmpeg.hold();
    const jobId = await fleet.createJob((await createKey(fleet.db)).id, await tinyInputs());
    const victim = await fleet.worker({ ...ffmpeg.env });
    const held = await ffmpeg.held();
    await fleet.worker();
    await watchedForLong(fleet.db);
    victim.kill('SIGSTOP');
    await untilRow(
      'the job has left the stopped worker',
      fleet.db,
      sql`select from vidgen.attempt where job_id = ${jobId} and outcome = 'worker died'`,
    );
    await ended(fleet, jobId, 'COMPLETED');

    victim.kill('SIGCONT');
    const { code } = await victim.exited;
    assert.equal(code, 1, victim.output());
    for (const pid of held) await until(`ffmpeg ${pid} has gone`, async () => !(await runs(pid)));
    assert.deepEqual(await attemptsOf(fleet, jobId), [
      { attempt: 1, outcome: 'worker died' },
      { attempt: 2, outcome: 'completed' },
    ]);
    const blobs = await fleet.db.run(
      sql`select from vidgen.blob where kind = 'video' or job_id is null`,
    );
    assert.equal(blobs.length, 1, 'one video, nothing unowned');
  });

  test('SIGTERM with jobs running, six of them in two workers: finished or handed back, nothing stays locked', async (t) => {
    const fleet = await createFleet(t, { env: { RENDER_CONCURRENCY: '3' } });
    const ffmpeg = await heldFfmpeg(t);
    for (let round = 0; round < 2; round++) {
      await ffmpeg.hold();
      const worker = await fleet.worker({ ...ffmpeg.env });
      for (let n = 0; n < 3; n++)
        await fleet.createJob((await createKey(fleet.db)).id, await tinyInputs());
      await untilRow(
        'all its slots are rendering',
        fleet.db,
        sql`select from vidgen.job having count(*) filter (where status = 'PROCESSING') = 3`,
      );
      worker.kill('SIGTERM');
      await ffmpeg.go();
      assert.deepEqual(await worker.exited, { code: 0, signal: null }, worker.output());
      // Usually finished; on a machine too busy to finish within the grace period, back in the queue.
      const lost = sql`
        select id, status from vidgen.job j where status <> 'COMPLETED' and not (status = 'PENDING'
          and exists (select from graphile_worker.jobs q where q.key = 'render:' || j.id))`;
      const locked = sql`select key from graphile_worker.jobs where locked_by is not null`;
      const processes = sql`select id from vidgen.process`;
      for (const none of [lost, locked, processes]) assert.deepEqual(await fleet.db.run(none), []);
    }
    await fleet.worker();
    await untilRow(
      'all six are completed',
      fleet.db,
      sql`select from vidgen.job having count(*) filter (where status = 'COMPLETED') = 6`,
    );
  });

  test('SIGTERM with a render that takes too long: it is handed back at its place, and that counts for nothing', async (t) => {
    const fleet = await createFleet(t);
    const ffmpeg = await heldFfmpeg(t);
    await ffmpeg.hold();
    const jobId = await fleet.createJob((await createKey(fleet.db)).id, await tinyInputs());
    const worker = await fleet.worker({ ...ffmpeg.env });
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
    assert.deepEqual(await attemptsOf(fleet, jobId), [{ attempt: 1, outcome: 'released' }]);
    await fleet.worker();
    await ended(fleet, jobId, 'COMPLETED');
  });

  test('a file that kills the worker: FAILED at the third death, and the job beside it is not blamed', async (t) => {
    const receiver = await startReceiver();
    t.after(() => receiver.close());
    const ffmpeg = await poisonedFfmpeg(t);
    const fleet = await createFleet(t, {
      env: {
        NODE_EXTRA_CA_CERTS: receiver.caFile,
        ...ffmpeg.env,
        RENDER_CONCURRENCY: '2',
      },
    });
    receiver.answers = [answer(200)];
    const web = await fleet.web();
    await watchedForLong(fleet.db);
    const client = fleet.client(web);
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
      const worker = fleet.mortal();
      const { signal } = await worker.exited;
      assert.equal(signal, 'SIGKILL', worker.output());
      await ffmpeg.release();
    }
    const status = await client.until(poisoner, poisoned, 'FAILED');
    assert.match(status.errorMessage ?? '', /three times.*try other files/);
    assert.deepEqual(
      (await attemptsOf(fleet, poisoned)).map((attempt) => attempt.outcome),
      ['worker died', 'worker died', 'worker died'],
    );
    const last = await fleet.worker();
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
    const blamed = await attemptsOf(fleet, beside);
    assert.equal(blamed.filter(({ outcome }) => outcome === 'worker died').length, 1);
  });
});
