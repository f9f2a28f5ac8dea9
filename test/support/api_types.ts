import { readFile } from 'node:fs/promises';
import type pg from 'pg';

type Argument = { name: string; type: string; isOutput: boolean; default: string | null };

type SqlFunction = {
  schema: 'api' | 'admin';
  name: string;
  comment: string | null;
  is_set: boolean;
  /** The planner's row estimate; "rows 1" declares at most one row. */
  rows: number;
  type: string;
  arguments: Argument[];
};

/** Makes src/postgres/api.types.ts: parameters and results of each function, from the catalogue of Postgres. */
export async function functionTypes(client: pg.Client): Promise<string> {
  const catalogue = await readFile(new URL('api_functions.sql', import.meta.url), 'utf8');
  const { rows } = await client.query<SqlFunction>(catalogue);
  const described = await Promise.all(rows.map(describe));
  return `// Generated from a migrated database by "npm run generate". Do not edit.

/** What each function takes and returns; those of admin have their schema in front. */
export type Functions = {
${described.map((one) => one.type).join('\n')}
};

/** How each function is read, once its arguments are in the place of the %: as a value or a row, or several. */
export const readings = {
${described.map((one) => one.reading).join('\n')}
} as const;
`;
}

async function describe(f: SqlFunction): Promise<{ type: string; reading: string }> {
  const nullable = await declaredNullable(f);
  const columns = f.arguments.filter((argument) => argument.isOutput);
  const parameters = f.arguments
    .filter((argument) => !argument.isOutput)
    .map(({ name, type, default: byDefault }) => {
      const isNullable = nullable.has(name) || byDefault?.startsWith('NULL');
      return `${name}${byDefault === null ? '' : '?'}: ${given(type)}${isNullable ? ' | null' : ''}`;
    });
  const row = columns.map(
    ({ name, type }) => `${name}: ${returned(type)}${nullable.has(name) ? ' | null' : ''}`,
  );
  const isValue = columns.length === 0;
  const one = isValue
    ? `${returned(f.type)}${/\bnull\b/.test(f.comment ?? '') ? ' | null' : ''}`
    : `{ ${row.join('; ')} }`;
  const isMany = f.is_set && f.rows !== 1;
  const key = f.schema === 'api' ? f.name : `'${f.schema}.${f.name}'`;
  const result = isMany
    ? `${one.includes('|') && isValue ? `(${one})` : one}[]`
    : f.is_set
      ? `${one} | undefined`
      : one;
  return {
    type: [
      `  /** ${f.comment} */`,
      `  ${key}: {`,
      `    takes: ${parameters.length === 0 ? 'Record<never, never>' : `{ ${parameters.join('; ')} }`};`,
      `    returns: ${result};`,
      '  };',
    ].join('\n'),
    reading: `  ${key}: { as: '${isValue ? 'value' : 'row'}${isMany ? 's' : ''}', statement: '${statementOf(f, columns)}' },`,
  };
}

const statementOf = ({ schema, name, type }: SqlFunction, columns: Argument[]): string =>
  columns.length === 0
    ? `select ${asText(`${schema}.${name}(%)`, type)} as value`
    : `select ${columns.map((column) => asText(column.name, column.type)).join(', ')} from ${schema}.${name}(%)`;

/** Postgres does not know which arguments and columns may be null: the comment at the line says so. */
async function declaredNullable({ schema, name }: SqlFunction): Promise<Set<string>> {
  const source = await readFile(`sql/${schema}/${name}.sql`, 'utf8');
  const [head = ''] = source.split(/\bas \$\$/);
  const marked = head.matchAll(/^ *(?:out )?(\w+) [^-\n]*--.*\bnull\b/gm);
  return new Set(Array.from(marked, ([, argument = '']) => argument));
}

/** json is only passed on, so it stays the text it is; jsonb is parsed. */
const asText = (expression: string, type: string) =>
  type === 'json' ? `${expression}::text` : expression;

/** The type of a value that both drivers return. */
const returned = (type: string): string =>
  type.endsWith('[]') ? `${returned(type.slice(0, -2))}[]` : typeOf(type, returnedTypes);

/** The type that both drivers accept for it. */
const given = (type: string): string =>
  type.endsWith('[]') ? `(${given(type.slice(0, -2))} | null)[]` : typeOf(type, givenTypes);

function typeOf(type: string, types: Record<string, string>): string {
  const known = types[type];
  if (!known) throw new Error(`test/support/api_types.ts does not know the type ${type}.`);
  return known;
}

const sameBothWays = {
  text: 'string',
  boolean: 'boolean',
  smallint: 'number',
  integer: 'number',
  'double precision': 'number',
};
const returnedTypes = {
  ...sameBothWays,
  bigint: 'string',
  bytea: 'Buffer',
  'timestamp with time zone': 'Date',
  json: 'string',
  jsonb: 'unknown',
  void: 'void',
};
const givenTypes = {
  ...sameBothWays,
  bigint: 'number | string',
  bytea: 'Uint8Array',
  'timestamp with time zone': 'Date',
  interval: 'string',
  json: 'object',
  jsonb: 'object',
};
