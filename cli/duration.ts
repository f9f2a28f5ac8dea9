import { UsageError } from './command.ts';

/** "90s", "30m", "24h" or "7d", as PostgreSQL reads them too. */
export function durationOf(text: unknown, option: string, help: string): string {
  if (/^\d{1,6}[smhd]$/.test(String(text))) return String(text);
  throw new UsageError(`--${option} must be like 90s, 30m, 24h or 7d.\n\n${help}`);
}

const seconds = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** The time so long ago. */
export const timeBefore = (duration: string): Date =>
  new Date(
    Date.now() -
      Number.parseInt(duration, 10) * seconds[duration.at(-1) as keyof typeof seconds] * 1_000,
  );
