import { pino } from 'pino';
import pretty from 'pino-pretty';
import { createOutage } from './process/outage.ts';
import { printableJson, visibleJson } from './process/visible.ts';

export type Log = pino.Logger;

const errorLevel = 50;
type HasErr = { err?: unknown };

/**
 * JSON lines on stderr, or readable ones if that is a terminal. stdout is for the output of commands. Never
 * log a key, a secret or a body.
 */
export function createLog(level: string): Log {
  const stream = process.stderr.isTTY
    ? through(
        printableJson,
        pretty({
          destination: 2,
          sync: true,
          singleLine: true,
          ignore: 'pid',
          translateTime: 'HH:MM:ss',
        }),
      )
    : through(visibleJson, pino.destination({ fd: 2, sync: true }));
  const outage = createOutage((severity, facts, message) => log[severity](facts, message));
  const log = pino(
    {
      level,
      hooks: {
        logMethod(args, method, number) {
          const [first] = args as unknown[];
          const error =
            typeof first === 'string' ? { message: first } : (first as HasErr | null)?.err;
          if (number > errorLevel || !outage.covers(error)) method.apply(this, args);
        },
      },
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
  return log;
}

type Stream = { write(line: string): unknown };

/** Names, addresses and messages may be a caller's: see visible.ts. */
const through = (change: (line: string) => string, stream: Stream): Stream => ({
  write: (line) => stream.write(change(line)),
});
