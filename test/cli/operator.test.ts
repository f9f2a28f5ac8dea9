import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { developmentKey } from '../../cli/development_key.ts';
import { loadConfig } from '../../src/config.ts';
import { openDb } from '../../src/postgres/db.ts';
import { startVidgen, vidgen } from '../support/command.ts';
import { createDatabase, suiteCleanup } from '../support/database.ts';
import { endJob } from '../support/ended_jobs.ts';
import { type JobsInSql, jobsInSql } from '../support/jobs_in_sql.ts';
import { secretsKey } from '../support/server.ts';
import { createJob, createKey } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';

describe('the operator’s commands', () => {
  const cleanup = suiteCleanup();
  let jobs: JobsInSql;
  let env: Record<string, string>;
  before(async () => {
    jobs = await jobsInSql(cleanup);
    env = { DATABASE_URL: jobs.url };
  });
  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await vidgen(env, ...args, '--json');
    assert.equal(code, 0, stderr);
    return stdout
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  };

  test('keys: rotate, deactivate, activate, and a list for people', async () => {
    const [key] = await json('keys', 'create', 'a client');
    const [rotated] = await json('keys', 'rotate', 'a client');
    assert.match(rotated.apiKey, /^vg_/);
    assert.notEqual(rotated.apiKey, key.apiKey);
    const off = await vidgen(env, 'keys', 'deactivate', 'a client');
    assert.equal(off.stdout, 'The API key "a client" is refused from now on.\n');
    const list = await vidgen(env, 'keys', 'list');
    assert.match(list.stdout, /^id +name .*\nc[a-z0-9]{24} +a client +vg_/);
    assert.deepEqual(await json('keys', 'activate', 'a client'), [
      { name: 'a client', active: true },
    ]);
    const unknown = await vidgen(env, 'keys', 'rotate', 'nobody');
    assert.deepEqual(unknown, {
      code: 1,
      stdout: '',
      stderr: 'There is no API key named "nobody".\n',
    });
  });

  test('keys: limits are set one by one, kept, and given back to the service', async () => {
    await json('keys', 'create', 'a large client');
    const limits = (...flags: string[]) => json('keys', 'limits', 'a large client', ...flags);
    const name = 'a large client';
    const none = { name, maxStoredBytes: null, maxFileMb: null, maxAudioMinutes: null };
    assert.deepEqual(await limits(), [none]);
    await limits('--file-mb', '200');
    assert.deepEqual(await limits('--audio-minutes', '240'), [
      { ...none, maxFileMb: 200, maxAudioMinutes: 240 },
    ]);
    assert.deepEqual(await limits('--file-mb', 'service'), [{ ...none, maxAudioMinutes: 240 }]);
    const shown = await vidgen(env, 'keys', 'limits', name);
    assert.equal(
      shown.stdout,
      'Stored   as the service\nA file   as the service\nAudio    240 minutes\n',
    );
    const wrong = await vidgen(env, 'keys', 'limits', name, '--file-mb', 'much');
    assert.match(wrong.stderr, /^--file-mb must be a whole number, or "service"/);
    const large = await vidgen(env, 'keys', 'limits', name, '--file-mb', '4096');
    assert.match(large.stderr, /^Set max_file_mb to a number from 1 to 2048/);
    const unknown = await vidgen(env, 'keys', 'limits', 'nobody');
    assert.deepEqual([unknown.code, unknown.stderr], [1, 'There is no API key named "nobody".\n']);
  });

  test('jobs: fail, retry, show, list', async () => {
    const key = await createKey(jobs.db, 'maker');
    const jobId = await createJob(jobs.db, key.id);
    const failed = await vidgen(env, 'jobs', 'fail', jobId, '--reason', 'We are moving.');
    assert.equal(failed.stdout, `Job ${jobId} is FAILED, and its key is free.\n`);
    const [made] = await json('jobs', 'retry', jobId);
    assert.equal(made.madeOf, jobId);
    assert.equal(await jobs.status(made.id), 'PENDING');

    const shown = await vidgen(env, 'jobs', 'show', jobId);
    assert.match(shown.stdout, /^status +FAILED$/m);
    assert.match(shown.stdout, /^error_message +We are moving\.$/m);
    assert.match(
      shown.stdout,
      /^Attempts\nattempt.*\n1 +operator .* failed +failed by an operator$/m,
    );
    const list = await json('jobs', 'list', '--key', 'maker');
    assert.deepEqual(
      list.map(({ id, status }) => [id, status]),
      [
        [made.id, 'PENDING'],
        [jobId, 'FAILED'],
      ],
    );
    assert.equal((await json('jobs', 'list', '--status', 'failed')).length, 1);
    const refused = await vidgen(env, 'jobs', 'retry', made.id);
    assert.deepEqual(
      [refused.code, refused.stderr],
      [1, 'Only a FAILED job can be retried; this one is PENDING.\n'],
    );
  });

  test('jobs cancel: one that waits, and by force one that is rendered', async () => {
    const key = await createKey(jobs.db);
    const waiting = await createJob(jobs.db, key.id);
    const cancelled = await vidgen(env, 'jobs', 'cancel', waiting);
    assert.equal(cancelled.stdout, `Job ${waiting} is CANCELLED, and its key is free.\n`);
    const rendered = await createJob(jobs.db, key.id);
    await jobs.claim(rendered);
    const refused = await vidgen(env, 'jobs', 'cancel', rendered);
    assert.deepEqual(
      [refused.code, refused.stderr],
      [1, 'Only a PENDING job can be cancelled; this one is PROCESSING.\n'],
    );
    assert.deepEqual(await json('jobs', 'cancel', rendered, '--force'), [
      { id: rendered, status: 'CANCELLED' },
    ]);
    const unknown = await vidgen(env, 'jobs', 'cancel', 'x');
    assert.equal(unknown.stderr, 'There is no job "x".\n');
  });

  test('retry --since makes again what failed, those of one key one after the other', async () => {
    const [one, two] = [
      await createKey(jobs.db, 'one of two'),
      await createKey(jobs.db, 'two of two'),
    ];
    const failed: string[] = [];
    for (const key of [one, one, two, one]) {
      const id = await createJob(jobs.db, key.id);
      await jobs.claim(id);
      await jobs.fail(id, 'The disk of the renderer is full.');
      failed.push(id);
    }
    const since = (...more: string[]) =>
      json('jobs', 'retry', '--since', '1h', '--reason', 'renderer is FULL', ...more);
    const outcomes = (rows: { jobId: string; outcome: string }[]) =>
      rows.map(({ jobId, outcome }) => [failed.indexOf(jobId), outcome]);
    const dry = await since('--dry-run');
    const [first, later] = ['would be made', 'would wait'];
    assert.deepEqual(outcomes(dry), [
      [0, first],
      [1, later],
      [2, first],
      [3, later],
    ]);
    assert.equal((await since('--key', 'two of two', '--dry-run')).length, 1);
    const made = await since();
    assert.deepEqual(outcomes(made), [
      [0, 'made'],
      [1, 'waits'],
      [2, 'made'],
      [3, 'waits'],
    ]);
    const active = async () =>
      (await json('jobs', 'list', '--key', 'one of two', '--status', 'pending')).map(
        ({ id }) => id,
      );
    const seen = new Set<string>();
    for (let n = 0; n < 3; n++) {
      const [id, ...others] = await active();
      assert.ok(id && others.length === 0 && !seen.has(id));
      seen.add(id);
      if (n === 1) await json('jobs', 'cancel', id);
      else {
        await jobs.claim(id);
        await jobs.complete(id);
      }
    }
    assert.deepEqual(await active(), [], 'all three were made again');
    const again = await vidgen(
      env,
      'jobs',
      'retry',
      '--since',
      '1h',
      '--reason',
      'renderer is full',
    );
    assert.equal(again.stdout, 'There are no such jobs.\n');
  });

  test('pause, resume, redeliver and purge; a key with all that it has; who did it', async () => {
    const key = await createKey(jobs.db, 'leaving');
    const ended = await endJob(jobs.db, key.id, 'https://receiver.example/hook');
    assert.deepEqual(await json('jobs', 'pause'), [{ paused: true }]);
    assert.deepEqual(Object.keys((await json('jobs', 'resume'))[0]), ['paused', 'waiting']);
    const [sent] = await json('jobs', 'redeliver', ended);
    assert.match(sent.webhookId, /^msg_/);
    await jobs.db.run(
      sql`update vidgen.webhook set next_attempt_at = now() + interval '1 hour' where job_id = ${ended}`,
    );
    assert.deepEqual(
      await json('jobs', 'redeliver', '--since', '1h', '--host', 'receiver.example'),
      [{ queued: 1 }],
    );
    assert.deepEqual(await json('jobs', 'purge', ended), [{ id: ended, purged: true }]);

    const rendered = await createJob(jobs.db, key.id);
    await jobs.claim(rendered);
    await json('keys', 'rename', 'leaving', 'gone');
    const counted = { name: 'gone', jobs: 1, files: 2, bytes: 0, webhooks: 0 };
    assert.deepEqual(await json('keys', 'purge', 'gone'), [{ ...counted, purged: false }]);
    const wrong = await vidgen(env, 'keys', 'purge', 'gone', '--jobs', '7');
    assert.match(wrong.stderr, /has 1 jobs, not 7: count again/);
    assert.deepEqual(await json('keys', 'purge', 'gone', '--jobs', '1'), [
      { ...counted, purged: true },
    ]);
    assert.equal(await jobs.status(rendered), undefined);
    const left = await jobs.db.run(sql`
      select from vidgen.api_key where id = ${key.id} union all
      select from vidgen.blob where api_key_id = ${key.id}`);
    assert.equal(left.length, 0);

    const done = await jobs.db.run(sql<{
      action: string;
      subject: string;
      application_name: string;
    }>`
      select action, subject, application_name from admin.audit where subject in ('gone', 'leaving', ${ended})`);
    assert.deepEqual(done.map(({ action, subject }) => `${action} ${subject}`).reverse(), [
      'create_api_key leaving',
      `redeliver_webhook ${ended}`,
      `purge_job ${ended}`,
      'rename_key leaving',
      'purge_key gone',
    ]);
    assert.match(done[0]?.application_name ?? '', /^vidgen command of \w+/);
  });

  test('shells complete commands, words and options', async () => {
    const { stdout } = await vidgen(env, 'completion', 'bash');
    const complete = async (...words: string[]) => {
      const script = `${stdout}\nCOMP_WORDS=(vidgen ${words.map((word) => `'${word}'`).join(' ')})
        COMP_CWORD=${words.length}; _vidgen; echo "\${COMPREPLY[@]}"`;
      return (await promisify(execFile)('bash', ['-c', script])).stdout.trim().split(' ');
    };
    assert.deepEqual(await complete('wo'), ['worker']);
    const readme = await readFile('README.md', 'utf8');
    const [table = ''] = /^\| `vidgen start`.*?\n\n/ms.exec(readme) ?? [];
    const told = [...table.matchAll(/`([^`]+)`/g)].flatMap(([, words = '']) => words.split(' '));
    for (const before of [[], ['jobs'], ['keys']])
      for (const word of await complete(...before, ''))
        assert.ok(told.includes(word) || word === 'help', `README.md lacks ${before} ${word}`);
    assert.deepEqual(await complete('jobs', 're'), ['resume', 'retry', 'redeliver']);
    assert.deepEqual(await complete('jobs', 'retry', '--since', '1h', '--d'), ['--dry-run']);
    assert.deepEqual(await complete('keys', 'limits', 'x', '--f'), ['--file-mb']);
    const man = (await vidgen(env, 'man')).stdout;
    assert.match(
      man,
      /^\.TH VIDGEN 1 .*\.SS vidgen jobs\n.*\n\.PP\n\.nf\nUsage: vidgen jobs list \[\\-\\-status/s,
    );
    const zsh = (await vidgen(env, 'completion', 'zsh')).stdout;
    assert.match(zsh, /"jobs fail"\*\) candidates=\(--reason --json\)/);
    const fish = (await vidgen(env, 'completion', 'fish')).stdout;
    assert.match(fish, /seen_subcommand_from jobs; and .* retry' -l dry-run$/m);
  });

  test('jobs watch tells each change, and Ctrl-C ends it cleanly', async () => {
    const watch = startVidgen(env, 'jobs', 'watch', '--json');
    const exited = once(watch, 'exit');
    let output = '';
    const until = async (pattern: RegExp) => {
      while (!pattern.test(output)) output += (await once(watch.stdout as never, 'data'))[0];
    };
    await until(/"queue"/);
    const jobId = await createJob(jobs.db, (await createKey(jobs.db)).id);
    await until(new RegExp(`${jobId}","status":"PENDING"`));
    await jobs.claim(jobId);
    await until(new RegExp(`${jobId}","status":"PROCESSING"`));
    watch.kill('SIGINT');
    assert.deepEqual(await exited, [0, null]);
  });

  test('a command that is called wrongly says how, and ends with 2', async () => {
    for (const args of [
      ['jobs'],
      ['jobs', 'show'],
      ['jobs', 'fail', 'x'],
      ['jobs', 'list', '--limit', 'many'],
      ['keys', 'rotate'],
      ['doctor', '--nonsense'],
      ['unknown'],
      ['keys', 'constructor', 'a client'],
      ['keys', 'create', 'two', 'words'],
      ['jobs', 'toString', 'cabc'],
      ['migrate', 'now'],
      ['jobs', 'list', '--force'],
      ['jobs', 'retry', 'x', '--since', '1h'],
      ['jobs', 'retry', '--since', 'yesterday'],
      ['keys', 'list', 'name'],
      ['keys', 'rename', 'one'],
    ]) {
      const { code, stderr } = await vidgen(env, ...args);
      assert.equal(code, 2, args.join(' '));
      assert.match(stderr, /Usage: vidgen/);
    }
    const missing = await vidgen(env, 'keys', 'rename', 'one');
    assert.match(missing.stderr, /^NEW is missing\./);
    const helped = await vidgen(env, 'help', 'jobs');
    assert.match(helped.stdout, /^Usage: vidgen jobs/);
    for (const name of [
      'start',
      'web',
      'worker',
      'migrate',
      'keys',
      'jobs',
      'doctor',
      'demo',
      'make',
    ]) {
      const { code, stdout } = await vidgen({ DATABASE_URL: 'nonsense' }, name, '--help');
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`^Usage: vidgen ${name}`));
    }
  });

  test('a status that no job can have is named', async () => {
    const { code, stderr } = await vidgen(env, 'jobs', 'list', '--status', 'done');
    assert.equal(code, 2);
    assert.match(stderr, /^--status must be one of PENDING, PROCESSING, /);
  });

  test('a demo that is interrupted leaves no job behind, and no key that works', async (t) => {
    const { url } = await createDatabase(t);
    const db = openDb(url, { max: 1 });
    t.after(() => db.close());
    const folder = await mkdtemp(join(tmpdir(), 'vidgen-demo-'));
    t.after(() => rm(folder, { recursive: true }));
    const { image, audio } = await tinyInputs();
    // Runs until it is interrupted.
    const hour = Buffer.concat([
      Buffer.from(await audio.arrayBuffer()),
      Buffer.alloc(16_000 * 2_700),
    ]);
    hour.writeUInt32LE(hour.length - 44, 40);
    const files = [join(folder, 'a.png'), join(folder, 'a.wav')] as const;
    await writeFile(files[0], Buffer.from(await image.arrayBuffer()));
    await writeFile(files[1], hour);
    // In production it needs no PUBLIC_URL: it serves on this machine alone.
    const settings = { DATABASE_URL: url, DATA_DIR: folder, NODE_ENV: 'production' };
    const demo = startVidgen(settings, 'demo', ...files);
    const exited = once(demo, 'exit');
    for (let output = ''; !output.includes('PROCESSING'); )
      output += (await once(demo.stdout as never, 'data'))[0];
    demo.kill('SIGINT');
    assert.deepEqual(await exited, [1, null]);
    const left = await db.run(sql`
      select j.status, j.error_message, k.deactivated_at is not null as deactivated
      from vidgen.job j join vidgen.api_key k on k.id = j.api_key_id`);
    const ended = { status: 'FAILED', error_message: 'The demo was stopped.', deactivated: true };
    assert.deepEqual(left, [ended]);
  });

  test('the development key is made again when the database would refuse it', async (t) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'vidgen-key-'));
    t.after(() => rm(dataDir, { recursive: true }));
    const config = loadConfig({ DATA_DIR: dataDir, SECRETS_KEY: secretsKey });
    const key = () => developmentKey(config, jobs.url);
    const first = await key();
    assert.deepEqual(await key(), first);
    await jobs.db.run(sql`select admin.deactivate_api_key(name) from admin.api_keys
      where name like 'development %'`);
    const second = await key();
    assert.notEqual(second.apiKey, first.apiKey);
    assert.deepEqual(await key(), second);
  });

  test('the bin of the package is this program, by whatever link it is called', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'vidgen-bin-'));
    t.after(() => rm(folder, { recursive: true }));
    const { bin } = JSON.parse(await readFile('package.json', 'utf8'));
    await symlink(resolve(bin.vidgen), join(folder, 'vidgen'));
    const run = promisify(execFile)(process.execPath, [join(folder, 'vidgen'), '--version'], {
      cwd: folder,
    });
    assert.equal((await run).stdout, (await vidgen({}, '--version')).stdout);
  });

  test('a name that would break a table is refused', async () => {
    const { code, stderr } = await vidgen(env, 'keys', 'create', 'two\nlines');
    assert.deepEqual(
      [code, stderr],
      [1, 'Give the key a name of 1 to 100 characters on one line.\n'],
    );
  });

  test('doctor: all is well, and nothing stays of its looking', async () => {
    await jobs.db.run(sql`update vidgen.api_key set webhook_secret = 'sealed:x:y'`);
    const sick = await vidgen(env, 'doctor');
    assert.equal(sick.code, 1);
    assert.match(
      sick.stdout,
      /^FAILURE {2}Secrets: .* sealed with the key x, which is not in SECRETS_KEY/m,
    );
    await jobs.db.run(sql`update vidgen.api_key set webhook_secret = null`);
    const { code, stdout } = await vidgen(env, 'doctor');
    assert.equal(code, 0, stdout);
    for (const about of ['Node.js', 'ffmpeg', 'PostgreSQL', 'Migrations', 'Storage', 'Clock'])
      assert.match(stdout, new RegExp(`^ok {7}${about}: `, 'm'));
    assert.match(stdout, /^warning {2}Secrets: \d missing, or not sealed/m);
    const left = await jobs.db.run(sql`select from vidgen.blob where process_id = 0`);
    assert.equal(left.length, 0);
  });

  test('doctor: each thing that is not well is a line with what to do', async () => {
    await jobs.db.run(sql`delete from vidgen.migration where name like 'migrations/%'`);
    const { code, stdout } = await vidgen(
      { ...env, FFMPEG_PATH: '/nowhere/ffmpeg', PUBLIC_URL: 'http://127.0.0.1:1' },
      'doctor',
      '--json',
    );
    assert.equal(code, 1);
    const findings = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const state = Object.fromEntries(findings.map((finding) => [finding.about, finding.state]));
    assert.equal(state.ffmpeg, 'failure');
    assert.equal(state.Migrations, 'failure');
    assert.equal(state['Public URL'], 'warning');
    for (const finding of findings) assert.equal(finding.state !== 'ok', Boolean(finding.remedy));
    const { stdout: away } = await vidgen({ DATABASE_URL: 'postgres://x@127.0.0.1:1/x' }, 'doctor');
    assert.match(away, /^FAILURE {2}PostgreSQL: .*ECONNREFUSED/m);
  });
});
