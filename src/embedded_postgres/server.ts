import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../process/free_port.ts';
import { accountOf, type Cluster, noAccess, run, serverEnvironment } from './cluster.ts';

/** A running server, as its postmaster.pid describes it. */
export interface Server {
  pid: number;
  port: number;
}

const startTimeout = 120_000; // a long recovery takes time

/** Whether a server runs on the cluster, ready or not. Changes nothing. */
export async function isRunning(cluster: Cluster): Promise<boolean> {
  const found = readPostmaster(cluster);
  return found !== undefined && isServerOf(cluster, found.pid);
}

/**
 * Finds the server that runs on the cluster, whichever process started it, and removes what a dead one left behind. The
 * caller must make sure that nobody starts one meanwhile.
 */
export async function findServer(cluster: Cluster): Promise<Server | undefined> {
  const deadline = Date.now() + startTimeout;
  for (;;) {
    const found = readPostmaster(cluster);
    if (!found) return undefined;
    if (!(await isServerOf(cluster, found.pid))) {
      // The pid may belong to another process by now, which PostgreSQL would mistake for its own.
      await rm(join(cluster.data, 'postmaster.pid'), { force: true });
      return undefined;
    }
    if (found.ready) return found;
    if (Date.now() > deadline)
      throw new Error('The embedded PostgreSQL is running but does not answer.');
    await delay(50);
  }
}

/**
 * Starts a server. It keeps its previous port for clients that know it. If another program has taken that
 * port, it moves to a new one, but only when there are no clients (`mayMove`).
 * The caller must make sure that nobody else starts it meanwhile.
 */
export async function startServer(cluster: Cluster, mayMove: boolean): Promise<Server> {
  const memory = join(cluster.folder, 'port');
  let port = Number(await readFile(memory, 'utf8').catch(() => 0)) || (await freePort('127.0.0.1'));
  const patience = Date.now() + 10_000;
  for (;;) {
    await writeFile(memory, `${port}\n`);
    const server = await launch(cluster, port);
    if (typeof server !== 'string') return server;
    const taken = /could not (bind|create any TCP)/.test(server);
    // The last processes of a killed server may still be exiting.
    const passing = taken || /pre-existing shared memory block|was killed/.test(server);
    if (!passing || Date.now() > patience) {
      throw new Error(`The embedded PostgreSQL did not start: ${server}`);
    }
    if (taken && mayMove) port = await freePort('127.0.0.1');
    await delay(100);
  }
}

/** Shuts the server down without waiting for its clients, and waits until it is gone. */
export async function stopServer(cluster: Cluster): Promise<void> {
  const stop = (mode: string) =>
    run(cluster, 'pg_ctl', ['stop', '-w', '-t', '30', '-m', mode, '-D', cluster.data]);
  if (!(await findServer(cluster))) return;
  await stop('fast').catch(async () => {
    if (await findServer(cluster)) await stop('immediate');
  });
}

/** Tells the server to shut down, for a process that has no time to wait. */
export function interruptServer(cluster: Cluster): void {
  const found = readPostmaster(cluster);
  try {
    if (found) process.kill(found.pid, 'SIGINT');
  } catch {
    // It is already gone.
  }
}

/** Returns the server, or the reason why it did not start. */
async function launch(cluster: Cluster, port: number): Promise<Server | string> {
  const log = await openLog(join(cluster.folder, 'server.log'));
  const settings = Object.entries({ ...cluster.settings, port: String(port) });
  const child = spawn(
    cluster.binaries.postgres,
    ['-D', cluster.data, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      ...(await accountOf(cluster)),
      cwd: cluster.folder,
      env: serverEnvironment,
      detached: true, // Ctrl-C on the terminal must not reach the server
      windowsHide: true,
      stdio: ['ignore', log.fd, log.fd],
    },
  );
  await log.close();
  child.unref();
  let failure: string | undefined;
  child.once('error', (error) => {
    failure = error.message;
  });
  const deadline = Date.now() + startTimeout;
  for (;;) {
    if (failure?.includes('EACCES')) throw await noAccess(cluster);
    if (failure) return failure;
    if (child.signalCode !== null) return `it was killed by ${child.signalCode}`;
    if (child.exitCode !== null) return log.lastWords();
    const found = readPostmaster(cluster);
    if (found?.ready && found.pid === child.pid) return found;
    if (Date.now() > deadline) {
      child.kill('SIGINT');
      return 'it was not ready after two minutes';
    }
    await delay(20);
  }
}

async function openLog(path: string) {
  const size = await stat(path).then(
    (file) => file.size,
    () => 0,
  );
  const file = await open(path, size > 1_000_000 ? 'w' : 'a', 0o600);
  const start = (await file.stat()).size;
  return {
    fd: file.fd,
    close: () => file.close(),
    lastWords: async () => {
      const lines = (await readFile(path)).subarray(start).toString().trim().split('\n');
      const line = lines.findLast((text) => /FATAL|PANIC/.test(text)) ?? lines.at(-1);
      return line?.replace(/^.*?(FATAL|PANIC):\s*/, '') || 'it ended without a message';
    },
  };
}

function readPostmaster(cluster: Cluster): (Server & { ready: boolean }) | undefined {
  let text: string;
  try {
    text = readFileSync(join(cluster.data, 'postmaster.pid'), 'utf8');
  } catch {
    return undefined;
  }
  const lines = text.split('\n'); // pid, folder, start, port, socket, address, memory, status
  const pid = Number(lines[0]);
  return pid ? { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' } : undefined;
}

/**
 * Whether `pid` is a living server on this cluster. A zombie has no command line, another program a different
 * one.
 */
async function isServerOf(cluster: Cluster, pid: number): Promise<boolean> {
  try {
    if (process.platform === 'win32') return process.kill(pid, 0);
    if (process.platform === 'linux') {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8');
      return command.split('\0').includes(cluster.data);
    }
    const { stdout } = await promisify(execFile)('ps', ['-o', 'command=', '-p', `${pid}`]);
    return stdout.includes(cluster.data);
  } catch {
    return false;
  }
}
