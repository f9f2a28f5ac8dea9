/** The two times of a cue, followed by the settings of WebVTT. */
export type Times = { fromMs: number; toMs: number; settings: string };

const time = String.raw`(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:\s?[.,]\s?(\d{1,3}))?`;
const times = new RegExp(`^${time}\\s*-->\\s*${time}(?:\\s+(.*))?$`);
/** A line that was meant to be times: an arrow beside a time, or a line of two times. */
const meantAsTimes = /\d:\d.*-->|-->.*\d:\d|^\d+:\d+\S*\s*(?:[-=–—>→]+\s*)?\d+:\d+\S*$/;

/** Reads `00:00:01,000 --> 00:00:02.5 line:0`; hours and fractions may be missing. */
export function readTimes(line: string): Times | undefined {
  const found = times.exec(line.trim());
  if (!found) return undefined;
  const [fromMs, toMs] = [found.slice(1, 5), found.slice(5, 9)].map(milliseconds);
  if (fromMs === undefined || toMs === undefined) return undefined;
  return { fromMs, toMs, settings: found[9] ?? '' };
}

function milliseconds([hours = '0', minutes, seconds, fraction = '']: string[]) {
  const [h, m, s] = [hours, minutes, seconds].map(Number) as [number, number, number];
  if (m > 59 || s > 59) return undefined;
  return ((h * 60 + m) * 60 + s) * 1000 + Number(fraction.padEnd(3, '0'));
}

export const isMeantAsTimes = (line: string) => meantAsTimes.test(line.trim());

/** As WebVTT writes it: `00:00:01.000`. */
export function writeTime(ms: number): string {
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0');
  const fraction = String(ms % 1000).padStart(3, '0');
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}.${fraction}`;
}
