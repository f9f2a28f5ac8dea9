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
  const parameters = namesIn(given).map(
    (parameter) => sql`${sql.raw(parameter)} => ${given[parameter as keyof Takes<F>]}`,
  );
  return sql`${sql.raw(qualified(name))}(${sql.join(parameters)})`;
}

const namesIn = (given: object): string[] =>
  Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : name));

const texts = new Map<string, string>();

/** Written once for each function and the arguments that it is given. */
function textOf(name: Name, parameters: string[]): string {
  const key = `${name} ${parameters.join(' ')}`;
  const known = texts.get(key);
  if (known) return known;
  const named = parameters.map((parameter, i) => `${parameter} => $${i + 1}`);
  const text = readings[name].statement.replace('%', named.join(', '));
  texts.set(key, text);
  return text;
}

const qualified = (name: Name): string => (name.includes('.') ? name : `api.${name}`);
