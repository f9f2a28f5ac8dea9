import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { errorCodes } from '../../src/openapi/error_codes.ts';

/** Raised to workers only and never shown to a caller. */
const internal = ['attempt_overtaken', 'process_gone'];

/** The codes in the program's source: code → status. */
async function raised(): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for await (const file of glob('src/**/*.ts')) {
    const text = await readFile(file, 'utf8');
    for (const [, status, code = ''] of text.matchAll(/ApiError\(\s*(\d{3}),\s*'([a-z_]+)'/g))
      found.set(code, Number(status));
    for (const [, code = ''] of text.matchAll(/\brefusalOf\(\s*[^,()]+,\s*'([a-z_]+)'/g))
      found.set(code, 400);
  }
  for await (const file of glob('sql/api/*.sql')) {
    const text = await readFile(file, 'utf8');
    for (const [, status, code = ''] of text.matchAll(
      /sqlstate 'VG(\d{3})' using detail = '([a-z_]+)'/g,
    ))
      if (!internal.includes(code)) found.set(code, Number(status));
  }
  return found;
}

describe('the errors that are documented', () => {
  test('are just those that the program raises, with their statuses', async () => {
    const documented = Object.entries(errorCodes).map(([code, { status }]) => [code, status]);
    assert.deepEqual(
      new Map(documented.sort() as [string, number][]),
      new Map([...(await raised())].sort()),
    );
  });

  test('say what to do, in sentences', () => {
    for (const [code, { message, remedy }] of Object.entries(errorCodes))
      for (const sentence of [message, remedy])
        assert.match(sentence, /^[A-Za-z].{8,}[.)?]$/s, code);
  });
});
