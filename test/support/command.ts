import { type ChildProcess, spawn } from 'node:child_process';
import { format } from 'node:util';
import { vidgen as command } from '../../cli/main.ts';
import { secretsKey } from './server.ts';

export type Ended = { code: number; stdout: string; stderr: string };

/** Runs `vidgen …` in this process, which saves a second each time. One at a time. */
export async function vidgen(env: NodeJS.ProcessEnv, ...args: string[]): Promise<Ended> {
  const { log, error } = console;
  const written = { stdout: '', stderr: '' };
  console.log = (...values) => {
    written.stdout += `${format(...values)}\n`;
  };
  console.error = (...values) => {
    written.stderr += `${format(...values)}\n`;
  };
  try {
    const code = await command(args, { ...process.env, SECRETS_KEY: secretsKey, ...env });
    return { code, ...written };
  } finally {
    Object.assign(console, { log, error });
  }
}

/** What Node.js runs as `vidgen`: as test/run.ts has compiled it, elsewhere the source. */
export const program = process.env.TEST_PROGRAM
  ? [process.env.TEST_PROGRAM]
  : ['--import', 'tsx', 'cli/vidgen.ts'];

/** Starts `vidgen …` as a separate process, which runs until it is killed. */
export const startVidgen = (env: NodeJS.ProcessEnv, ...args: string[]): ChildProcess =>
  spawn(process.execPath, [...program, ...args], {
    env: { ...process.env, SECRETS_KEY: secretsKey, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
