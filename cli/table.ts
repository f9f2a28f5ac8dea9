import { visible } from '../src/process/visible.ts';

type Row = Record<string, unknown>;

/** Rows in columns as wide as their widest value, below the column names. */
export function table(rows: Row[]): string {
  const names = Object.keys(rows[0] ?? {});
  const lines = [names, ...rows.map((row) => names.map((name) => text(row[name])))];
  const widths = names.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** One row, with a line for each value that is not empty. */
export function card(row: Row): string {
  const shown = Object.entries(row).filter(([, value]) => text(value) !== '');
  const width = Math.max(...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${name.padEnd(width)}  ${text(value)}`).join('\n');
}

function text(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString().replace(/\.\d+Z$/, 'Z');
  return visible(typeof value === 'object' ? JSON.stringify(value) : String(value));
}
