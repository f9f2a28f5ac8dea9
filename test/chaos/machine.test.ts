import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import type { Cleanup } from '../support/database.ts';
import { multipart, pngOf, wavOf } from '../support/multipart.ts';
import { createKey } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';
import { untilRow } from '../support/until.ts';
import { createFleet, type Fleet, watchedForLong } from './fleet.ts';

const isRoot = process.getuid?.() === 0;

/** A full disk, where the tests may mount one. */
async function fullDisk(t: Cleanup): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'vidgen-full-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', dir]);
  t.after(async () => {
    execFileSync('umount', ['--lazy', dir]);
    await rm(dir, { recursive: true });
  });
  await writeFile(join(dir, 'filling'), Buffer.alloc(100_000)).catch(() => {});
  return dir;
}

const attempts = (fleet: Fleet, jobId: string) =>
  fleet.db.run(sql`select outcome from vidgen.attempt where job_id = ${jobId} order by attempt`);

describe('a machine fails', { concurrency: true }, () => {
  test('its disk is full: the job goes to another worker', { skip: !isRoot }, async (t) => {
    const fleet = await createFleet(t);
    const jobId = await fleet.createJob((await createKey(fleet.db)).id, await tinyInputs());
    const sick = await fleet.worker({ TMPDIR: await fullDisk(t) });
    await untilRow(
      'the first attempt has failed',
      fleet.db,
      sql`select from vidgen.attempt where job_id = ${jobId} and outcome = 'machine failed'`,
    );
    const later = (when: string) => sql`
      update graphile_worker._private_jobs set run_at = now() + ${when}::interval
      where key = ${`render:${jobId}`} and locked_by is null returning id`;
    await untilRow('it waits', fleet.db, later('1 hour'));
    await fleet.worker();
    await untilRow('both may take it', fleet.db, later('0'));
    await untilRow(
      'it is done',
      fleet.db,
      sql`
      select from vidgen.job where id = ${jobId} and status = 'COMPLETED'`,
    );
    assert.deepEqual(await attempts(fleet, jobId), [
      { outcome: 'machine failed' },
      { outcome: 'completed' },
    ]);
    assert.equal(sick.hasExited(), false);
  });

  test('it cannot write temporary files, and is the only one: FAILED with that reason', async (t) => {
    const fleet = await createFleet(t);
    const jobId = await fleet.createJob((await createKey(fleet.db)).id, await tinyInputs());
    const inTheWay = join(fleet.tmp, 'file');
    await writeFile(inTheWay, '');
    const worker = await fleet.worker({
      TMPDIR: join(inTheWay, 'folder'),
      TSX_DISABLE_CACHE: '1', // it would want to write there first
    });
    const failed = await untilRow(
      'it is given up',
      fleet.db,
      sql<{
        error_message: string;
      }>`select error_message from vidgen.job where id = ${jobId} and status = 'FAILED'`,
    );
    assert.equal(failed.error_message, 'The server cannot write its temporary files.');
    assert.deepEqual(await attempts(fleet, jobId), Array(3).fill({ outcome: 'machine failed' }));
    assert.equal(worker.hasExited(), false, 'no crash loop');
    await rm(inTheWay);
    await mkdir(join(inTheWay, 'folder'), { recursive: true });
    const next = await fleet.createJob((await createKey(fleet.db)).id, await tinyInputs());
    await untilRow(
      'the machine is well again',
      fleet.db,
      sql`
      select from vidgen.job where id = ${next} and status = 'COMPLETED'`,
    );
  });

  test('an API process is killed during uploads: no job, and nothing of them is left', async (t) => {
    const fleet = await createFleet(t);
    // A key uploads one at a time.
    const keys = await Promise.all([1, 2, 3].map(() => createKey(fleet.db)));
    const [victim] = await Promise.all([fleet.web(), fleet.web()]);
    await watchedForLong(fleet.db);
    const form = multipart({ image: pngOf(300_000), audio: wavOf(3_000_000) });
    for (const key of keys) {
      const upload = request(`${victim.url}/api/jobs`, {
        method: 'POST',
        headers: {
          'X-API-Key': key.apiKey,
          'Content-Type': form.contentType,
          'Content-Length': form.body.length,
        },
      });
      upload.on('error', () => {});
      upload.write(form.body.subarray(0, form.body.length - 100_000));
    }
    await untilRow(
      'much of all three has arrived',
      fleet.db,
      sql`
      select from vidgen.blob_chunk having count(distinct blob_id) = 6 and count(*) > 30`,
    );
    victim.kill('SIGKILL');
    await victim.exited;
    await untilRow(
      'all of it has gone',
      fleet.db,
      sql`
      select 1 where not exists (select from vidgen.blob) and not exists (select from vidgen.blob_chunk)`,
    );
    assert.deepEqual(await fleet.db.run(sql`select id from vidgen.job`), []);
  });
});
