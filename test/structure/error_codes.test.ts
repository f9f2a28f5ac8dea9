import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { errorsOf, protocolErrors } from '../../src/openapi/answered_errors.ts';
import { endpoints, moreEndpoints } from '../../src/openapi/endpoints.ts';
import { errorCodes } from '../../src/openapi/error_codes.ts';

/** Raised to workers only and never shown to a caller. */
const internal = ['attempt_overtaken', 'process_gone'];

/** Raised where no operation of the API is: by pages, media and what operators use. */
const elsewhere = [
  ...['asset_not_found', 'catcher_closed', 'format_not_offered', 'media_gone', 'media_not_found'],
  ...['metrics_token_required', 'operator_role_missing', 'ops_password_required'],
  ...['range_not_satisfiable', 'start_link_used', 'video_not_found'],
];

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

  test('belong to the operations that answer them, or to none', () => {
    const operations = [...endpoints, ...moreEndpoints];
    const answered = operations.flatMap((one) => [...errorsOf(one).values()].flat());
    assert.deepEqual(
      [...new Set([...answered, ...protocolErrors, ...elsewhere])].sort(),
      Object.keys(errorCodes).sort(),
    );
  });

  test('say what to do, in sentences', () => {
    for (const [code, { message, remedy }] of Object.entries(errorCodes))
      for (const sentence of [message, remedy])
        assert.match(sentence, /^[A-Za-z].{8,}[.)?]$/s, code);
  });
});
