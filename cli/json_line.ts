import { visibleJson } from '../src/process/visible.ts';

/** Columns whose own contents belong to callers or are documents of the API. */
const verbatim = ['options', 'metadata', 'warnings', 'checks'];

/** Prints a row as a line of JSON, with the casing of the API: camelCase. */
export const printJson = (row: object): void =>
  console.log(visibleJson(JSON.stringify(camelCased(row))));

function camelCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCased);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      verbatim.includes(name) ? one : camelCased(one),
    ]),
  );
}
