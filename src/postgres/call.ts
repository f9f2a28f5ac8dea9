import { type RawBuilder, sql } from 'kysely';
import { type Functions, readings } from './api.types.ts';

type Name = keyof Functions;
type Takes<F extends Name> = Functions[F]['takes'];

/** Anything that runs one statement: the pool of either driver, or a single connection. */
export type Connection = {
  query(text: string, values: unknown[]): Promise<unknown[]>;
};

/**
 * Calls a function of the schema api, or of admin by its full name, with named arguments. An undefined
 * argument takes its default. Returns a value, rows, or the row of a function that has at most one ("rows
 * 1"), as declared in src/postgres/api.types.ts. Columns are named, so a prepared statement keeps working
 * when the next release returns another column.
 */
export async function call<F extends Name>(
  connection: Connection,
  name: F,
  ...[given = {} as Takes<F>]: Record<never, never> extends Takes<F> ? [Takes<F>?] : [Takes<F>]
): Promise<Functions[F]['returns']> {
  const names = namesIn(given);
  const rows = await connection.query(
    textOf(name, names),
    names.map((parameter) => given[parameter as keyof Takes<F>]),
  );
  return results[readings[name].as](rows) as Functions[F]['returns'];
}

type OfValue = { value: unknown };
const results = {
  value: ([row]: unknown[]) => (row as OfValue).value,
  values: (rows: unknown[]) => (rows as OfValue[]).map(({ value }) => value),
  row: ([row]: unknown[]) => row,
  rows: (rows: unknown[]) => rows,
};

/** The same call as part of a statement, in which an argument may be an expression. */
export function calling<F extends Name>(
  name: F,
  given: { [P in keyof Takes<F>]: Takes<F>[P] | RawBuilder<unknown> },
): RawBuilder<unknown> {
  const names = namesIn(given);
  return sql(
    fragmentsOf(name, names),
    ...names.map((parameter) => given[parameter as keyof Takes<F>]),
  );
}

const namesIn = (given: object): string[] =>
  Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : name));

/** The whole statement of a call: `select … from api.claim_job(job_id => $1, …)`. */
const textOf = writtenOnce((name, parameters) => {
  const named = parameters.map((parameter, i) => `${parameter} => $${i + 1}`);
  return readings[name].statement.replace('%', named.join(', '));
});

/** The text around the arguments of a call, for the tag `sql`. */
const fragmentsOf = writtenOnce((name, parameters) => {
  const fullName = name.includes('.') ? name : `api.${name}`;
  const before = parameters.map((parameter, i) => `${i ? ', ' : `${fullName}(`}${parameter} => `);
  return [...before, ')'] as unknown as TemplateStringsArray;
});

/** Built once per function and set of arguments. */
function writtenOnce<Written>(write: (name: Name, parameters: string[]) => Written) {
  const written = new Map<string, Written>();
  return (name: Name, parameters: string[]): Written => {
    const key = `${name} ${parameters.join(' ')}`;
    const known = written.get(key) ?? write(name, parameters);
    written.set(key, known);
    return known;
  };
}
