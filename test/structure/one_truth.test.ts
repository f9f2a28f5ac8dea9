import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { endedStates, jobStates } from '../../src/jobs/job_state.ts';
import { errorCodes } from '../../src/openapi/error_codes.ts';
import { chunkBytes } from '../../src/storage/chunks.ts';
import { createDatabase, openRowsOf, suiteCleanup } from '../support/database.ts';

const quoted = (text: string) => Array.from(text.matchAll(/'([A-Z]+)'/g), ([, word = '']) => word);

describe('what SQL, TypeScript and the page each have to know is the same', async () => {
  const cleanup = suiteCleanup();
  const rows = openRowsOf(cleanup, (await createDatabase(cleanup)).url);
  const constraint = async (name: string): Promise<string> => {
    const text = 'select pg_get_constraintdef(oid) as text from pg_constraint where conname = $1';
    return (await rows.query(text, [name])).rows[0].text;
  };

  test('the size of a chunk', async () => {
    const stored = await rows.query('select vidgen.chunk_bytes() as bytes');
    assert.equal(stored.rows[0].bytes, chunkBytes);
  });

  test('the states of a job, and which of them end it', async () => {
    assert.deepEqual(quoted(await constraint('job_status_known')), Object.keys(jobStates));
    assert.deepEqual(quoted(await constraint('job_ended_has_time')), endedStates);
  });

  test('the sentences of errors that SQL raises', async () => {
    let compared = 0;
    for await (const file of glob('sql/api/*.sql')) {
      const raised = (await readFile(file, 'utf8')).matchAll(
        /using detail = '(\w+)',\s*message = '((?:[^']|'')*)'/g,
      );
      for (const [, code = '', sentence] of raised) {
        const documented: string | undefined = errorCodes[code as keyof typeof errorCodes]?.message;
        // A code may have several sentences, of which the document shows one.
        if (['no_webhook'].includes(code)) continue;
        assert.equal(sentence, documented, `${code} in ${file}`);
        compared += 1;
      }
    }
    assert.ok(compared > 4);
  });

  test('whether the database is away', async () => {
    const deciding: string[] = [];
    for await (const file of glob('{src,worker,cli}/**/*.ts'))
      if (/[=!]== 'database_unavailable'/.test(await readFile(file, 'utf8'))) deciding.push(file);
    assert.deepEqual(deciding, ['src/postgres/away.ts']);
  });
});
