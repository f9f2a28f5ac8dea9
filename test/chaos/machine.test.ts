import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { type Cleanup, inReverse, suiteCleanup } from '../support/database.ts';
import { mount } from '../support/mount.ts';
import { multipart, pngOf, wavOf } from '../support/multipart.ts';
import { createKey } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';
import { untilRow } from '../support/until.ts';
import { createFleet, type Fleet, type Process, watchedForLong } from './fleet.ts';

const isRoot = process.getuid?.() === 0;

/** A small disk, where the tests may mount one, and a way to fill it to the last byte. */
async function smallDisk(t: Cleanup): Promise<{ dir: string; fill(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'vidgen-small-disk-'));
  const cleanup = inReverse(t);
  cleanup.after(() => rm(dir, { recursive: true }));
  mount(cleanup, dir, 'size=20m');
  const fill = () => writeFile(join(dir, 'filling'), Buffer.alloc(21_000_000)).catch(() => {});
  return { dir, fill };
}

const resting = sql`select from admin.workers where resting_since is not null`;

const attempts = (fleet: Fleet, jobId: string) =>
  fleet.db.run(
    sql<{
      outcome: string;
    }>`select outcome from vidgen.attempt where job_id = ${jobId} order by attempt`,
  );

describe('a machine fails', () => {
  const cleanup = suiteCleanup();
  let fleet: Fleet;
  /** Where the worker that is well keeps its temporary files. */
  let folder: string;
  let well: Process | undefined;
  before(async () => {
    fleet = await createFleet(cleanup);
    folder = join(fleet.tmp, 'folder');
    await mkdir(folder);
  });
  const wellWorker = async () => {
    // tsx would want to write its cache of compiled code there first.
    well ??= await fleet.worker({ TMPDIR: folder, TSX_DISABLE_CACHE: '1' });
    return well;
  };

  test('an API process is killed during uploads: no job, and nothing of them is left', async () => {
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

  test('its disk is full: the job goes to another worker with all its tries', {
    skip: !isRoot,
  }, async (t) => {
    const disk = await smallDisk(t);
    const sick = await fleet.worker({ TMPDIR: disk.dir, TSX_DISABLE_CACHE: '1' });
    await disk.fill();
    const jobId = await fleet.createJob((await createKey(fleet.db)).id, await tinyInputs());
    await untilRow('it rests', fleet.db, resting);
    const next = await wellWorker();
    await untilRow(
      'it is done',
      fleet.db,
      sql`select from vidgen.job where id = ${jobId} and status = 'COMPLETED'`,
    );
    const outcomes = (await attempts(fleet, jobId)).map(({ outcome }) => outcome);
    assert.deepEqual(new Set(outcomes), new Set(['released', 'completed']));
    assert.equal(sick.hasExited() || next.hasExited(), false);
    const late = fleet.worker({ TMPDIR: disk.dir, TSX_DISABLE_CACHE: '1' });
    await assert.rejects(late, /did not start: This machine cannot render\.\nTemporary folder: /);
    sick.kill('SIGTERM');
    await sick.exited;
  });

  test('it cannot write temporary files, and is the only one: the job waits until it can', async () => {
    const worker = await wellWorker();
    await rm(folder, { recursive: true });
    const jobId = await fleet.createJob((await createKey(fleet.db)).id, await tinyInputs());
    await untilRow('it rests', fleet.db, resting);
    assert.equal(worker.hasExited(), false, 'no crash loop');
    await mkdir(folder);
    await untilRow(
      'the machine is well again',
      fleet.db,
      sql`select from vidgen.job where id = ${jobId} and status = 'COMPLETED'`,
    );
    assert.ok((await attempts(fleet, jobId)).every(({ outcome }) => outcome !== 'machine failed'));
    assert.equal((await fleet.db.run(resting)).length, 0);
  });
});
