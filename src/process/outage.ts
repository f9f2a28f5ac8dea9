import { isAway } from '../postgres/away.ts';

const everyMs = 10_000;

type Say = (level: 'warn' | 'info', facts: object, message: string) => void;

/**
 * Says once that PostgreSQL is away, then every ten seconds how many calls have failed because of it, and at
 * last that it is back. Otherwise each part of the program would log it several times a second.
 */
export function createOutage(say: Say) {
  let failed = 0;
  let since = 0;
  let timer: NodeJS.Timeout | undefined;

  const seconds = () => Math.round((performance.now() - since) / 1_000);

  function sum(): void {
    if (failed > 0) {
      say('warn', { failed, seconds: seconds() }, 'PostgreSQL is still away');
      failed = 0;
      return;
    }
    clearInterval(timer);
    timer = undefined;
    say('info', { seconds: seconds() }, 'no call of PostgreSQL fails any more');
  }

  return {
    /** Whether the outage caused the error, which then needs no log line of its own. */
    covers(error: unknown): boolean {
      if (!error || !isAway(error)) return false;
      failed += 1;
      if (timer) return true;
      since = performance.now();
      failed = 0;
      const { code, message } = (error ?? {}) as { code?: string; message?: string };
      say(
        'warn',
        { code, reason: message },
        'PostgreSQL cannot be reached; a summary follows every 10 s',
      );
      timer = setInterval(sum, everyMs).unref();
      return true;
    },
  };
}
