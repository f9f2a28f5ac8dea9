import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { suiteCleanup } from '../support/database.ts';
import { endJob } from '../support/ended_jobs.ts';
import { refusedWith } from '../support/jobs_in_sql.ts';
import { createJob, createKey, type Service, startService } from '../support/service.ts';

describe('what operators do to API keys and webhooks, while the API runs', () => {
  const cleanup = suiteCleanup();
  let service: Service;
  before(async () => {
    service = await startService(cleanup);
  });
  const run = <Row>(name: string, ...args: unknown[]) =>
    service.db.run(
      sql<Row>`select ${sql.id('admin', name)}(${sql.join(args)}) as result`,
    ) as Promise<{ result: Row }[]>;
  const asked = async (apiKey: string) => (await service.call('/api/jobs', apiKey)).status;

  test('a deactivated key is refused at once, an activated one accepted; each twice', async () => {
    const key = await service.createKey();
    for (const status of [401, 401]) {
      await run('deactivate_api_key', key.name);
      assert.equal(await asked(key.apiKey), status);
    }
    for (const status of [200, 200]) {
      await run('activate_api_key', key.name);
      assert.equal(await asked(key.apiKey), status);
    }
  });

  test('a rotated key has a new value, and the old one is refused from then on', async () => {
    const key = await service.createKey();
    const [rotated] = await run<string>('rotate_api_key', key.name);
    const fresh = rotated?.result ?? '';
    assert.match(fresh, /^vg_[\w-]{43}$/);
    assert.equal(await asked(key.apiKey), 401);
    assert.equal(await asked(fresh), 200);
    const [shown] = await service.db.run(
      sql<{ key_prefix: string }>`select key_prefix from admin.api_keys where name = ${key.name}`,
    );
    assert.equal(shown?.key_prefix, fresh.slice(0, 9));
    await run('deactivate_api_key', key.name);
    const [again] = await run<string>('rotate_api_key', key.name);
    assert.equal(await asked(again?.result ?? ''), 401, 'rotating does not activate');
  });

  test('a key that is not there is said to be so', async () => {
    await assert.rejects(
      run('rotate_webhook_secret', 'nobody', 'sealed:x:y'),
      refusedWith('api_key_not_found'),
    );
    for (const name of ['activate_api_key', 'deactivate_api_key', 'rotate_api_key'])
      await assert.rejects(run(name, 'nobody'), refusedWith('api_key_not_found'), name);
    await assert.rejects(run('create_api_key', ' '), refusedWith('invalid_name'));
    const { name } = await service.createKey();
    await assert.rejects(run('create_api_key', name), refusedWith('name_taken'));
  });

  test('limits of one key are shown, bounded, and taken back by null', async () => {
    const { name } = await service.createKey();
    const shown = async () =>
      (
        await service.db.run(
          sql`select max_stored_bytes, max_file_mb, max_audio_minutes from admin.api_keys where name = ${name}`,
        )
      )[0];
    const none = { max_stored_bytes: null, max_file_mb: null, max_audio_minutes: null };
    assert.deepEqual(await shown(), none);
    for (const _ of ['once', 'twice']) {
      await run('set_limits', name, 5_000_000_000, 2048, 1440);
      assert.deepEqual(await shown(), {
        max_stored_bytes: '5000000000',
        max_file_mb: 2048,
        max_audio_minutes: 1440,
      });
    }
    for (const [what, stored, file, minutes] of [
      [/^Set max_file_mb to a number from 1 to 2048,/, null, 2049, null],
      [/^Set max_file_mb to/, null, 0, null],
      [/^Set max_audio_minutes to a number from 1 to 1440,/, null, null, 1441],
      [/^Set max_stored_bytes to/, 0, null, null],
      [/^Set max_stored_bytes to/, 2 ** 53, null, null],
    ] as const) {
      const tried = run('set_limits', name, stored, file, minutes);
      await assert.rejects(tried, refusedWith('invalid_limit'));
      await assert.rejects(run('set_limits', name, stored, file, minutes), { message: what });
    }
    await run('set_limits', name, null, null, null);
    assert.deepEqual(await shown(), none);
    await assert.rejects(
      run('set_limits', 'nobody', null, null, null),
      refusedWith('api_key_not_found'),
    );
  });

  test('a renamed key goes on under its new name, which must be free', async () => {
    const [key, other] = [await service.createKey(), await service.createKey()];
    const named = `${key.name}, renamed`;
    await run('rename_key', key.name, named);
    assert.equal(await asked(key.apiKey), 200);
    await assert.rejects(run('rename_key', key.name, 'x'), refusedWith('api_key_not_found'));
    await assert.rejects(run('rename_key', named, other.name), refusedWith('name_taken'));
    await assert.rejects(run('rename_key', named, ' '), refusedWith('invalid_name'));
    await run('rename_key', named, named);
    await run('rename_key', named, key.name);
  });

  test('with the API busy, operators and callers keep out of each other’s way', async () => {
    const key = await service.createKey();
    const jobs = await Promise.all(
      Array.from({ length: 5 }, async () => createJob(service.db, (await service.createKey()).id)),
    );
    let done = false;
    const statuses = new Map<number, number>();
    const caller = async () => {
      while (!done) {
        const { status } = await service.call('/api/jobs', key);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    };
    const operator = async () => {
      for (const jobId of jobs) {
        await run('pause_queue');
        await run('fail_job', jobId, 'Stuck.');
        const [made] = await run<string>('retry_job', jobId);
        await run('resume_queue');
        await run('deactivate_api_key', key.name);
        await run('rotate_webhook_secret', key.name, 'sealed:x:y');
        await run('activate_api_key', key.name);
        await run('fail_job', made?.result, 'Stuck again.');
        await run('purge_job', made?.result);
      }
    };
    const callers = [caller(), caller(), caller(), caller()];
    await operator().finally(() => {
      done = true;
    });
    await Promise.all(callers);
    assert.deepEqual(
      [...statuses.keys()].filter((status) => status !== 200 && status !== 401),
      [],
    );
    assert.ok((statuses.get(200) ?? 0) > 0);
  });

  test('redeliver_webhook sends again, under the same id; refuses what never sent one', async () => {
    const key = await service.createKey();
    const jobId = await endJob(service.db, key.id, 'https://one.example/hook');
    await service.db.run(
      sql`update vidgen.webhook set status = 'abandoned', next_attempt_at = null where job_id = ${jobId}`,
    );
    const [sent] = await run<string>('redeliver_webhook', jobId);
    const [again] = await run<string>('redeliver_webhook', jobId);
    assert.match(sent?.result ?? '', /^msg_/);
    assert.equal(again?.result, sent?.result);
    const [message] = await service.db.run(
      sql`select status, round from vidgen.webhook where job_id = ${jobId}`,
    );
    assert.deepEqual(message, { status: 'pending', round: 3 });
    await assert.rejects(run('redeliver_webhook', 'nothing'), refusedWith('job_not_found'));
    const silent = await service.db.first(sql<{ id: string }>`
      insert into vidgen.job (api_key_id, status, finished_at) values (${key.id}, 'CANCELLED', now()) returning id`);
    await assert.rejects(run('redeliver_webhook', silent?.id), refusedWith('no_webhook'));
  });

  test('redeliver_since takes what was not delivered, of one host or of all, and then says 0', async () => {
    const { id } = await createKey(service.db);
    const hosts = ['two.example', 'two.example', 'old.example', 'three.example:8443'];
    const jobIds = await Promise.all(
      hosts.map((host) => endJob(service.db, id, `https://${host}/hook`)),
    );
    const [abandoned, later, old, delivered] = jobIds;
    await service.db.run(
      sql`update vidgen.webhook set status = 'abandoned', next_attempt_at = null where job_id in (${abandoned}, ${old})`,
    );
    await service.db.run(
      sql`update vidgen.webhook set created_at = now() - interval '2 days' where job_id = ${old}`,
    );
    await service.db.run(
      sql`update vidgen.webhook set next_attempt_at = now() + interval '2 hours' where job_id = ${later}`,
    );
    await service.db.run(
      sql`update vidgen.webhook set status = 'delivered', delivered_at = now(), next_attempt_at = null where job_id = ${delivered}`,
    );
    const since = async (time: string, host: string | null) =>
      (await run<number>('redeliver_since', time, host))[0]?.result;
    assert.equal(
      await since('1 hour', 'three.example:8443'),
      0,
      'what was delivered is left alone',
    );
    assert.equal(await since('1 hour', 'old.example'), 0);
    assert.equal(await since('1 hour', 'TWO.example'), 2);
    assert.equal(await since('1 hour', 'two.example'), 0, 'they are on their way');
    assert.ok(Number(await since('3 days', null)) >= 1);
    assert.equal(await since('3 days', null), 0);
  });
});
