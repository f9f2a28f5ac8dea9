import { pino } from 'pino';
import pretty from 'pino-pretty';

export type Log = pino.Logger;

/**
 * JSON lines on stderr, or readable ones if that is a terminal. stdout is for the output of commands. Never
 * log a key, a secret or a body.
 */
export function createLog(level: string): Log {
  const stream = process.stderr.isTTY
    ? pretty({
        destination: 2,
        sync: true,
        singleLine: true,
        ignore: 'pid',
        translateTime: 'HH:MM:ss',
      })
    : pino.destination({ fd: 2, sync: true });
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
}
