import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { freePort } from '../../src/process/free_port.ts';
import { startVidgen } from '../support/command.ts';
import type { Cleanup } from '../support/database.ts';

/** The environment that all processes of a tested deployment share. */
export async function deployment(
  settings: Record<string, string>,
): Promise<{ url: string; env: Record<string, string> }> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const env = {
    PORT: String(port),
    HOST: '127.0.0.1',
    PUBLIC_URL: url,
    CLIENT_IP_SOURCE: 'header:X-Test-Ip',
    ...settings,
  };
  return { url, env };
}

/** Starts `vidgen web` or `vidgen worker`; resolves when it has logged that it is up. */
export async function startPart(
  t: Cleanup,
  env: Record<string, string>,
  part: 'web' | 'worker',
): Promise<ChildProcess> {
  const child = startVidgen(env, part);
  const exited = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  if (!child.stderr) throw new Error('stderr is not piped');
  const up = part === 'web' ? '"listening"' : 'worker started';
  const said: string[] = [];
  for await (const line of createInterface(child.stderr)) {
    said.push(line);
    if (!line.includes(up)) continue;
    child.stderr.resume();
    return child;
  }
  throw new Error(`vidgen ${part} ended before it was up: ${said.join('\n')}`);
}
