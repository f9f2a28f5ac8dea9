import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { call } from '../../src/postgres/call.ts';
import { suiteCleanup } from '../support/database.ts';
import { endJobs } from '../support/ended_jobs.ts';
import { createKey, type Key } from '../support/service.ts';
import { type DeliveriesInSql, deliveriesInSql, run } from './deliveries_in_sql.ts';

describe('lanes of a host: how many deliveries go to it at once', () => {
  const cleanup = suiteCleanup();
  let deliveries: DeliveriesInSql;
  before(async () => {
    deliveries = await deliveriesInSql(cleanup);
  });

  /** Deliveries to a host and of a key of their own, without rows in the queue. */
  const deliveriesTo = async (host: string, count: number, owner?: Key) => {
    const { id } = owner ?? (await createKey(deliveries.db));
    const ids = await endJobs(deliveries.db, id, `https://${host}/a`, count);
    await deliveries.db.run(sql`select graphile_worker.complete_jobs(array(
      select id from graphile_worker.jobs where key like 'deliver%' and run_at <= now()))`);
    return ids;
  };
  /** As the queue holds a row while its task runs. */
  const queue = (ids: string[]) =>
    deliveries.db.run(
      sql`select api.enqueue('deliver_webhook', id, now() + interval '1 hour') from unnest(${ids}::text[]) id`,
    );
  /** How many of them will be begun. */
  const awake = async (ids: string[]) => {
    const lists = await Promise.all(ids.map((id) => deliveries.queued(id)));
    return lists.flat().length;
  };

  test('five at a time for a host, over all workers; the next ones wait for a free lane', async () => {
    const other = await deliveries.register();
    const ids = await deliveriesTo('Slow.app:8443', 6);
    const [elsewhere] = await deliveriesTo('quick.app', 1);
    const [samePlace] = await deliveriesTo('slow.app.', 1);
    const began = await Promise.all(
      ids.map((id, n) => deliveries.begin(id, n % 2 === 0 ? deliveries.worker : other)),
    );
    assert.equal(began.filter(Boolean).length, 5);
    assert.equal(
      await deliveries.begin(samePlace as string),
      undefined,
      'a port makes no receiver',
    );
    assert.ok(await deliveries.begin(elsewhere as string));

    const waiting = [...ids.filter((_, n) => !began[n]), samePlace as string];
    assert.equal(await awake(waiting), 0);
    await deliveries.record(ids.find((_, n) => began[n]) as string, 1, 'delivered');
    assert.equal(await awake(waiting), 1);

    await call(deliveries.db, 'bury_process', { process_id: other, why: 'worker died' });
    for (const id of waiting)
      assert.ok(await deliveries.begin(id), 'a death frees the lanes of the dead');
  });

  test('ten at a time for a key, however many hosts it names; other keys are not held up', async () => {
    const ill = await deliveries.register();
    const key = await createKey(deliveries.db);
    const to = async (host: string, owner = key) =>
      (await endJobs(deliveries.db, owner.id, `https://${host}/a`))[0] as string;
    const ids = await Promise.all(Array.from({ length: 12 }, (_, n) => to(`h${n}.many.app`)));
    const began = await Promise.all(ids.map((id) => deliveries.begin(id, ill)));
    assert.equal(began.filter(Boolean).length, 10);
    assert.ok(await deliveries.begin(await to('h0.many.app', deliveries.key)), 'of another key');

    const waiting = ids.filter((_, n) => !began[n]);
    const heldBack = async () => {
      const rows = await Promise.all(waiting.map((id) => deliveries.webhook(id)));
      return rows.filter((row) => row?.held_back).length;
    };
    await callForgotten();
    assert.equal(await heldBack(), 2, 'there is no lane');
    await deliveries.record(ids.find((_, n) => began[n]) as string, 1, 'delivered');
    assert.equal(await heldBack(), 1, 'the one that ends calls one for another host');
    await call(deliveries.db, 'bury_process', { process_id: ill, why: 'worker died' });
    await callForgotten();
    assert.equal(await heldBack(), 0);
  });

  test('the sweep calls, when it has nobody to bury', async () => {
    const ill = await deliveries.register();
    // The sweep calls one, whichever it is: none of another test.
    await deliveries.db.run(sql`update vidgen.webhook set held_back = false`);
    const ids = await deliveriesTo('swept.app', 6);
    for (const id of ids) await deliveries.begin(id, ill);
    await queue(ids.slice(0, 5));
    await deliveries.db.run(
      sql`insert into vidgen.watch (since, last_at) values (now() - interval '1 hour', now())`,
    );
    await deliveries.db.run(sql`update vidgen.process set
      beat_at = now() + case id when ${ill} then interval '-20 s' else interval '1 h' end`);
    const sweep = () => deliveries.db.run(sql`select process_id from api.sweep()`);
    assert.deepEqual(await sweep(), [{ process_id: ill }]);
    assert.equal(await awake(ids.slice(5)), 0);
    assert.deepEqual(await sweep(), []);
    assert.equal(await awake(ids.slice(5)), 1);
  });

  const callForgotten = () => call(deliveries.db, 'call_forgotten');

  test('the worker that has all lanes of a host dies: waiting deliveries are called, one at a time', async () => {
    const ill = await deliveries.register();
    const ids = await deliveriesTo('dying.app', 7);
    for (const id of ids) await deliveries.begin(id, ill);
    await queue(ids.slice(0, 5));
    const waiting = ids.slice(5);
    await callForgotten();
    assert.equal(await awake(waiting), 0, 'there is no lane');
    await call(deliveries.db, 'bury_process', { process_id: ill, why: 'worker died' });
    for (const called of [1, 2, 2]) {
      await callForgotten();
      assert.equal(await awake(waiting), called);
    }
    for (const id of waiting) assert.ok(await deliveries.begin(id));
  });

  test('a worker goes on with what waits for the host; when it dies, that waits again', async () => {
    const ill = await deliveries.register();
    const ids = await deliveriesTo('busy.app', 7);
    const [first = '', , , , , sixth = '', seventh = ''] = ids;
    for (const id of ids) await deliveries.begin(id, ill);
    await queue(ids.slice(0, 5));
    const take = () => call(deliveries.db, 'take_waiting', { host: 'busy.app', process_id: ill });
    assert.equal(await take(), undefined, 'there is no lane');
    await deliveries.db.run(deliveries.recording(first, 1, 'delivered'));
    const taken = await take();
    assert.deepEqual([taken?.job_id, taken?.attempt, taken?.step], [sixth, 1, 1]);
    assert.match(taken?.body ?? '', new RegExp(sixth));
    assert.equal(await take(), undefined, 'it has the lane');
    await call(deliveries.db, 'bury_process', { process_id: ill, why: 'worker died' });
    assert.equal(await take(), undefined, 'nobody would send it');
    for (const called of [1, 2, 2]) {
      await callForgotten();
      assert.equal(await awake([sixth, seventh]), called);
    }
    assert.equal((await deliveries.begin(sixth))?.attempt, 2);
  });

  const end = (jobId: string, goesOn = true, by = deliveries.worker) =>
    call(deliveries.db, 'end_delivery', {
      ...{ process_id: by, ended_job_id: jobId, ended_attempt: 1, goes_on: goesOn },
      ...{ duration_ms: 1, status: 200, error_class: null, error_message: null },
      ...{ response_head: '', retry_in_seconds: null },
    });

  test('the end of an attempt: goes on with its host, or names a host for which its key waits', async () => {
    const { db, worker } = deliveries;
    const key = await createKey(db);
    const ids = await deliveriesTo('ending.app', 7, key);
    const others = await deliveriesTo('five.app', 5, key);
    const [elsewhere = ''] = await deliveriesTo('eleventh.app', 1, key);
    for (const id of [...ids, ...others, elsewhere]) await deliveries.begin(id);
    assert.equal((await deliveries.webhook(elsewhere))?.held_back, true);
    const [first = '', second = '', third = '', fourth = '', , sixth, seventh] = ids;
    assert.equal((await end(first, false))?.waiting_host, 'ending.app');
    assert.equal((await end(second))?.job_id, sixth);
    const next = await end(third);
    assert.deepEqual([next?.job_id, next?.attempt, next?.waiting_host], [seventh, 1, null]);
    const named = await end(fourth);
    assert.deepEqual([named?.waiting_host, named?.job_id], ['eleventh.app', null]);
    assert.equal(
      (await call(db, 'take_waiting', { host: 'eleventh.app', process_id: worker }))?.job_id,
      elsewhere,
    );
    assert.equal(await end(fourth), undefined, 'recorded before; nothing waits any more');
  });

  test('goes on with what is due in the queue for its host and key, and with nothing else', async () => {
    const { db, key } = deliveries;
    const [ended = '', running = '', later = '', due = ''] = await endJobs(
      db,
      key.id,
      'https://queued.app/a',
      4,
    );
    const [ofAnother = ''] = await endJobs(db, (await createKey(db)).id, 'https://queued.app/a', 1);
    await deliveries.take(ended);
    await deliveries.begin(ended);
    await deliveries.take(running);
    await db.run(sql`
      update vidgen.webhook set next_attempt_at = now() + interval '1 hour' where job_id = ${later}`);
    const next = await end(ended);
    assert.deepEqual([next?.job_id, next?.attempt, next?.step], [due, 1, 1]);
    assert.match(next?.body ?? '', new RegExp(due));
    assert.deepEqual(await deliveries.queued(due), [], 'no other worker finds it');
    assert.equal(await end(ended), undefined, 'recorded before: it has left its lane once');
    await call(db, 'tidy');
    assert.deepEqual(await deliveries.queued(due), [], 'it is being sent');
    assert.equal(await end(due), undefined);
    assert.equal((await deliveries.webhook(due))?.status, 'delivered');
    for (const id of [later, ofAnother]) assert.equal((await deliveries.queued(id)).length, 1);
  });

  test('a key that waits for the host comes first, by age', async () => {
    const [first = '', second = ''] = await deliveriesTo('shared.app', 5);
    for (const id of [first, second]) await deliveries.begin(id);
    const rest = await deliveriesTo('shared.app', 3);
    for (const id of rest) await deliveries.begin(id);
    const [waiting = ''] = await deliveriesTo('shared.app', 1);
    assert.equal(await deliveries.begin(waiting), undefined);
    assert.equal((await end(first))?.job_id, waiting);
  });

  test('what a worker took from the queue is sent again when that worker dies or its answer is lost', async () => {
    const { db, key } = deliveries;
    const ill = await deliveries.register();
    const ids = await endJobs(db, key.id, 'https://dead.app/a', 3);
    const [first = '', second = '', third = ''] = ids;
    await deliveries.take(first);
    await deliveries.begin(first, ill);
    assert.equal((await end(first, true, ill))?.job_id, second);
    assert.equal((await end(second, true, ill))?.job_id, third);
    const aged = sql`
      update vidgen.delivery set started_at = now() - interval '31 seconds' where job_id = ${third}`;
    await db.run(aged);
    await call(db, 'tidy');
    assert.deepEqual(await deliveries.queued(third), [true]);
    await deliveries.take(third);
    assert.equal((await deliveries.begin(third, ill))?.attempt, 1);
    const [fourth = ''] = await endJobs(db, key.id, 'https://dead.app/a', 1);
    await db.run(aged);
    assert.equal(await end(third, true, ill), undefined, 'an old attempt has no lane to leave');
    await deliveries.take(fourth);
    assert.equal((await deliveries.begin(fourth, ill))?.attempt, 1);
    const [fifth = ''] = await endJobs(db, key.id, 'https://dead.app/a', 1);
    assert.equal((await end(fourth, true, ill))?.job_id, fifth);
    await call(db, 'bury_process', { process_id: ill, why: 'worker died' });
    assert.equal((await deliveries.webhook(fifth))?.held_back, true);
    const [sixth = ''] = await endJobs(db, key.id, 'https://dead.app/a', 1);
    await deliveries.take(sixth);
    await deliveries.begin(sixth);
    const again = await end(sixth);
    assert.deepEqual([again?.job_id, again?.attempt], [fifth, 2]);
  });

  test('two attempts end and a worker asks the queue, all at once: each gets another message', async () => {
    const { db, key, worker } = deliveries;
    const ids = await endJobs(db, key.id, 'https://meeting.app/a', 5);
    const [first = '', second = '', third = '', fourth = '', fifth = ''] = ids;
    for (const id of [first, second]) {
      await deliveries.take(id);
      await deliveries.begin(id);
    }
    const [asking, ending] = [await deliveries.connect(), await deliveries.connect()];
    const { rows } = await ending.query('select pg_backend_pid() as pid');
    const started = async () => {
      const rows = await db.run(sql<{ job_id: string }>`
        select job_id from vidgen.delivery where job_id = any (${ids}) and duration_ms is null order by job_id`);
      return rows.map(({ job_id }) => job_id);
    };
    const ended = (id: string) => sql`
      select * from api.end_delivery(${worker}, ${id}, 1, 1, 200, null, null, '', null, true)`;
    await asking.query('begin');
    await asking.query(
      `update graphile_worker._private_jobs set locked_at = now(), locked_by = 'pool' where key = $1`,
      [`deliver_webhook:${third}`],
    );
    const later = run(ending, ended(first));
    await deliveries.untilBlocked(rows[0].pid);
    assert.equal((await end(second))?.job_id, fourth);
    await asking.query('commit');
    await later;
    assert.deepEqual(await started(), [fourth], 'the queue has handed out the third');
    await deliveries.begin(third);

    await asking.query('begin');
    await run(asking, ended(third));
    assert.equal(await end(fourth), undefined, 'the fifth is being taken');
    await asking.query('commit');
    assert.deepEqual(await started(), [fifth]);
  });

  test('held back just as the worker that has the lanes dies: called all the same', async () => {
    const ill = await deliveries.register();
    const ids = await deliveriesTo('late.app', 6);
    const last = ids[5] as string;
    for (const id of ids.slice(0, 5)) await deliveries.begin(id, ill);
    await queue(ids.slice(0, 5));
    const beginning = await deliveries.connect();
    await beginning.query('begin');
    await run(beginning, sql`select api.begin_delivery(${last}, ${deliveries.worker})`);
    // Neither key waits for the other.
    await call(deliveries.db, 'bury_process', { process_id: ill, why: 'worker died' });
    await callForgotten();
    await beginning.query('commit');
    assert.deepEqual([(await deliveries.webhook(last))?.held_back, await awake([last])], [true, 0]);
    await callForgotten();
    assert.equal(await awake([last]), 1);
  });

  test('a message that waits for its own attempt is called when that ends, not before', async () => {
    const [id] = (await deliveriesTo('own.app', 1, deliveries.key)) as [string];
    await deliveries.begin(id);
    await deliveries.db.run(deliveries.redelivery(id));
    await deliveries.take(id);
    assert.equal(await deliveries.begin(id), undefined);
    await callForgotten();
    assert.equal((await deliveries.webhook(id))?.held_back, true);
    await deliveries.record(id, 1, 'failed');
    assert.equal((await deliveries.webhook(id))?.held_back, false);
  });
});
