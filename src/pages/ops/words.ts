import { visible } from '../../process/visible.ts';

/** 1284 → "1,284". */
export const count = (n: number): string => n.toLocaleString('en');

/** 26100000000 → "26.1 GB". */
export function bytes(n: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(n, 1)) / 3));
  const value = n / 1000 ** step;
  return `${value.toFixed(step === 0 || value >= 99.95 ? 0 : 1)} ${units[step]}`;
}

/** How long something took: "0.8 s", "12 s", "4 min". */
export function seconds(n: number | null): string {
  if (n === null) return '–';
  return n < 9.95 ? `${n.toFixed(1)} s` : age(n);
}

/** How old something is, in its largest unit: "4 s", "2 min", "3 h", "5 d". */
export function age(n: number): string {
  if (n < 120) return `${Math.round(n)} s`;
  if (n < 120 * 60) return `${Math.round(n / 60)} min`;
  if (n < 48 * 3_600) return `${Math.round(n / 3_600)} h`;
  return `${Math.round(n / 86_400)} d`;
}

/** "1 job", "2 jobs". */
export const counted = (n: number, one: string, many = `${one}s`): string =>
  `${count(n)} ${n === 1 ? one : many}`;

/** "14:00". */
export const clock = (date: Date): string => date.toISOString().slice(11, 16);

/**
 * A string literal in SQL. Invisible characters are escaped, so that readers copy exactly what they see.
 */
export function literal(text: string): string {
  const shown = visible(text);
  const quoted = (value: string) => `'${value.replaceAll("'", "''")}'`;
  return shown === text ? quoted(text) : `E${quoted(visible(text.replaceAll('\\', '\\\\')))}`;
}
