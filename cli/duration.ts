import { UsageError } from './command.ts';

/** "90s", "30m", "24h" or "7d", as PostgreSQL reads them too. */
export function durationOf(text: unknown, option: string, help: string): string {
  if (/^\d{1,6}[smhd]$/.test(String(text))) return String(text);
  throw new UsageError(`--${option} must be like 90s, 30m, 24h or 7d.\n\n${help}`);
}
