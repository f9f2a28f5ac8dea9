import { fork } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../src/process/free_port.ts';
import { cpuOf } from './cpu.ts';

export type Api = {
  url: string;
  /** Bytes of memory, without garbage if `--expose-gc` was given. */
  resident(): Promise<number>;
  /** Seconds of CPU so far. */
  cpu(): Promise<number>;
  stop(): Promise<void>;
};

/** An API process (bench/api_process.ts), so that its time and memory are measured separately. */
export async function startApi(
  kind: 'service' | 'select',
  databaseUrl: string,
  flags: string[] = [],
): Promise<Api> {
  const process = fork(
    new URL('./api_process.ts', import.meta.url),
    [kind, databaseUrl, String(await freePort())],
    { execArgv: ['--import', 'tsx', ...flags] },
  );
  const exited = once(process, 'exit');
  const [{ url }] = (await Promise.race([
    once(process, 'message'),
    exited.then(() => Promise.reject(new Error('The API process did not start.'))),
  ])) as [{ url: string }];
  return {
    url,
    resident: async () => {
      process.send('memory');
      const [{ resident }] = (await once(process, 'message')) as [{ resident: number }];
      return resident;
    },
    cpu: () => cpuOf(process.pid as number),
    stop: async () => {
      process.kill();
      await exited;
    },
  };
}
