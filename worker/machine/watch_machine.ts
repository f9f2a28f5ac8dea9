import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../../src/config.ts';
import type { Log } from '../../src/log.ts';
import type { Line } from '../queue/queue.ts';
import { requireMachine } from './require_machine.ts';

const lookAgainMs = 10_000;

/**
 * Tells a machine that cannot render, because its disk is full or ffmpeg has gone, from one that failed at one
 * job. While it cannot, it takes no jobs: other workers do them, or this one does later.
 *
 * @param tell tells the other processes whether this one rests
 */
export function watchMachine(
  config: Config,
  log: Log,
  draining: AbortSignal,
  tell: (isResting: boolean) => Promise<void>,
) {
  const lines: Line[] = [];
  let looking: Promise<boolean> | undefined;
  let isSick = false;

  const look = (): Promise<boolean> => {
    looking ??= requireMachine(config)
      .then(
        () => true,
        (err) => {
          if (!isSick)
            log.error({ err }, 'this machine cannot render: it takes no jobs until it can');
          return false;
        },
      )
      .finally(() => {
        looking = undefined;
      });
    return looking;
  };

  async function restUntilWell(): Promise<void> {
    for (const line of lines) line.pause();
    await tell(true);
    do await delay(lookAgainMs, undefined, { signal: draining });
    while (!(await look()));
    isSick = false;
    await tell(false);
    for (const line of lines) await line.resume();
    log.info('this machine can render again');
  }

  return {
    mayPause: (line: Line): void => void lines.push(line),
    async isWell(): Promise<boolean> {
      if (await look()) return true;
      if (!isSick && !draining.aborted) {
        isSick = true;
        // Rejects when a shutdown begins.
        restUntilWell().catch((err) => draining.aborted || log.error({ err }, 'resting'));
      }
      return false;
    },
  };
}
