import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { brunoFolder } from '../../build/collections/bruno.ts';
import { postmanCollection } from '../../build/collections/postman.ts';
import { requestsOf } from '../../build/collections/requests.ts';
import { pageAssets } from '../../build/page.ts';
import { openapi } from '../../src/openapi/document.ts';
import { functionTypes } from './api_types.ts';
import { clientTypes } from './client_types.ts';
import { targetsDocument } from './targets_document.ts';

/** The generated files in git, made from a migrated database or from the schemas: file name → content. */
export async function generate(databaseUrl: string): Promise<Record<string, string>> {
  return {
    ...(await fromCatalogue(databaseUrl)),
    'src/postgres/db.types.ts': await databaseTypes(databaseUrl),
    ...(await pageAssets()),
    'docs/targets.md': targetsDocument(),
    'client/api.types.ts': await clientTypes(),
    'openapi.json': `${JSON.stringify(openapi(), null, 2)}\n`,
    ...collections(),
  };
}

/** For programs that send requests by hand: docs/recipes/postman.md. */
function collections(): Record<string, string> {
  const requests = requestsOf(openapi());
  return {
    'docs/recipes/vidgen.postman_collection.json': postmanCollection(requests),
    ...Object.fromEntries(
      Object.entries(brunoFolder(requests)).map(([name, text]) => [
        `docs/recipes/bruno/${name}`,
        text,
      ]),
    ),
  };
}

async function databaseTypes(databaseUrl: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vidgen-types-'));
  try {
    const file = join(folder, 'db.types.ts');
    await promisify(execFile)(process.execPath, [
      'node_modules/kysely-codegen/dist/cli/bin.js',
      ...['--dialect', 'postgres', '--url', databaseUrl, '--out-file', file],
      ...[
        '--default-schema',
        'vidgen',
        '--include-pattern',
        '{vidgen,admin,api}.*',
        '--log-level',
        'error',
      ],
    ]);
    return await readFile(file, 'utf8');
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function fromCatalogue(databaseUrl: string): Promise<Record<string, string>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return {
      'sql/schema.sql': await schemaDump(client),
      'src/postgres/api.types.ts': await functionTypes(client),
    };
  } finally {
    await client.end();
  }
}

/** The tables as Postgres understood them, in a fixed order: a readable dump for reviews. */
async function schemaDump(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ line: string }>(
    await readFile(new URL('schema_dump.sql', import.meta.url), 'utf8'),
  );
  return `-- Generated from a migrated database by "npm run generate". Do not edit.\n${rows.map((row) => row.line).join('\n')}\n`;
}
