import { type RawBuilder, sql } from 'kysely';
import { type Functions, readings } from './api.types.ts';

type Name = keyof Functions;
type Takes<F extends Name> = Functions[F]['takes'];

/** Whatever runs one statement: the pool of either driver, or a single connection. */
export type Connection = {
  query(text: string, values: unknown[]): Promise<unknown[]>;
};

/**
 * Calls a function of the schema api, or of admin by its full name, with its arguments by name: one that is
 * undefined is left to its default. Returns a value, or rows, or the row of a function that has one at
 * most ("rows 1"), as src/postgres/api.types.ts has it from the database. Columns are named, so that a
 * statement that was prepared lasts when the next release returns another column.
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

/** The same call as part of a statement, where an argument may be an expression. */
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

/** What stands around the arguments of a call, for the tag `sql`. */
const fragmentsOf = writtenOnce((name, parameters) => {
  const function_ = name.includes('.') ? name : `api.${name}`;
  const before = parameters.map((parameter, i) => `${i ? ', ' : `${function_}(`}${parameter} => `);
  return [...before, ')'] as unknown as TemplateStringsArray;
});

/** Once for each function and the arguments that it is given. */
function writtenOnce<Written>(write: (name: Name, parameters: string[]) => Written) {
  const written = new Map<string, Written>();
  return (name: Name, parameters: string[]): Written => {
    const key = `${name} ${parameters.join(' ')}`;
    const known = written.get(key) ?? write(name, parameters);
    written.set(key, known);
    return known;
  };
}
