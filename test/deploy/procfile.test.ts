import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { sql } from 'kysely';
import { openDb } from '../../src/postgres/db.ts';
import { createEmptyDatabase, inReverse } from '../support/database.ts';
import { requireProgram, without } from '../support/programs.ts';
import { secretsKey } from '../support/server.ts';
import { clientOf, createKey } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';
import { deployment } from './processes.ts';

const skip = without('foreman', 'ruby-foreman');

test('a process manager runs the Procfile, and stops it within 30 s in the midst of work', {
  skip,
}, async (t) => {
  const cleanup = inReverse(t);
  const foreman = await requireProgram('foreman', 'ruby-foreman');
  const { url: databaseUrl } = await createEmptyDatabase(cleanup);
  const { env } = await deployment({
    DATABASE_URL: databaseUrl,
    SECRETS_KEY: secretsKey,
    // Each process gets its own PORT, counted from here: below the ephemeral range.
    PORT: String(20_000 + 10 * (process.pid % 1_000)),
  });
  const run = (...args: string[]) => {
    const child = spawn(foreman, args, {
      env: {
        ...process.env,
        ...env,
        PATH: `${resolve('node_modules/.bin')}:${process.env.PATH}`,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    t.after(() => child.kill('SIGKILL'));
    return { child, exited, lines: createInterface(child.stdout) };
  };
  assert.deepEqual(await run('run', 'release').exited, [0, null]);

  const started = run(
    'start',
    '--formation',
    'web=2,worker=1',
    '--timeout',
    '30',
    '--port',
    env.PORT ?? '',
  );
  const said: string[] = [];
  const up = Promise.withResolvers<void>();
  started.lines.on('line', (line) => {
    said.push(stripVTControlCharacters(line));
    const parts = said.filter((text) => /"listening"|worker started/.test(text));
    if (parts.length === 3) up.resolve();
  });
  const gone = started.exited.then(() => assert.fail(said.join('\n')));
  gone.catch(() => {});
  await Promise.race([up.promise, gone]);

  const db = openDb(databaseUrl, { max: 1 });
  cleanup.after(() => db.close());
  // It gives each process a PORT of its own.
  const [, listening = ''] = /"url":"([^"]+)","msg":"listening"/.exec(said.join('\n')) ?? [];
  const client = clientOf(listening, db);
  const key = await createKey(db);
  const { jobId } = (await (await client.submit(key, await tinyInputs())).json()) as {
    jobId: string;
  };
  await client.until(key, jobId, 'PROCESSING', 'COMPLETED');
  started.child.kill('SIGTERM');
  await started.exited;
  assert.equal(
    said.filter((line) => /\| exited with code 0$/.test(line)).length,
    3,
    said.join('\n'),
  );
  assert.doesNotMatch(said.join('\n'), /SIGKILL/);
  const left = await db.run(sql`
    select id from vidgen.job where status = 'PROCESSING' union all select id::text from vidgen.process`);
  assert.deepEqual(left, []);
});
