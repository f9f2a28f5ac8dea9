import { pino } from 'pino';

export type Log = pino.Logger;

/** JSON lines on stderr: stdout belongs to what a command prints. Never pass a key or a secret. */
export function createLog(level: string): Log {
  return pino({ level, base: { pid: process.pid } }, pino.destination({ fd: 2, sync: true }));
}
