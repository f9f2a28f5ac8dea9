import { chmod, mkdir, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Cluster, clusterExists, clusterIn, createCluster, loadBinaries } from './cluster.ts';
import { type FileLock, tryLock, waitForLock } from './file_lock.ts';
import { type Addresses, addressesOf, hasLogins, makeLogins } from './logins.ts';
import { findServer, interruptServer, isRunning, startServer, stopServer } from './server.ts';

export interface EmbeddedPostgresOptions {
  /** The folder that holds the database; created when missing. */
  dataDir: string;
  /** Receives a sentence for each thing that takes long or goes wrong. */
  log(message: string): void;
  /** One `owner` per folder (the service), and any number of `guest`s beside it (commands). */
  role?: 'owner' | 'guest';
  /** PostgreSQL settings for a server started here, e.g. `{ fsync: 'off' }`. */
  settings?: Record<string, string>;
}

export interface EmbeddedPostgres {
  /** They stay the same until `stop`. */
  addresses: Addresses;
  /** False when the server was running already. */
  started: boolean;
  /** Ends this use. The last user's `stop` shuts the server down. May be called twice. */
  stop(): Promise<void>;
}

const watchInterval = 500;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Opens the PostgreSQL in `dataDir`: creates it if it is new, starts it if it is not running, adopts it if a
 * killed process left it running, and restarts it if it dies while in use.
 * Rejects with a sentence for the operator when there is a second owner, the binaries are missing, or access
 * is denied.
 */
export async function openEmbeddedPostgres({
  dataDir,
  log,
  role = 'guest',
  settings,
}: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const binaries = await loadBinaries();
  const folder = await prepareFolder(dataDir);
  const cluster = clusterIn(join(folder, 'postgres'), binaries, settings);
  const locks = locksIn(folder);
  const owner = role === 'owner' ? locks.owner() : undefined;
  const turn = await locks.turn();
  let user: FileLock | undefined;
  try {
    const alone = locks.nobody();
    alone?.release();
    user = await locks.user();
    let running = await findServer(cluster);
    if (!(await clusterExists(cluster))) {
      log('Preparing the database (about a second, only the first time)');
      await createCluster(cluster);
    }
    if (!(await hasLogins(cluster))) {
      if (running && !alone) throw usedByEarlierRelease(folder);
      if (running) await stopServer(cluster);
      running = undefined;
      await makeLogins(cluster);
    }
    const { port } = running ?? (await startServer(cluster, alone !== undefined));
    const addresses = await addressesOf(cluster, port);
    return { addresses, started: !running, stop: keep(cluster, locks, [user, owner], log) };
  } catch (error) {
    user?.release();
    owner?.release();
    throw error;
  } finally {
    turn.release();
  }
}

/** Until it has gone, it uses the database as the superuser, which this release lets nobody be. */
const usedByEarlierRelease = (folder: string) =>
  new Error(
    `An earlier release of VidGen is running on ${folder}: stop it first, so that this one can change the database.`,
  );

/** Watches the server until the returned function is called or the process ends. */
function keep(
  cluster: Cluster,
  locks: Locks,
  [user, owner]: [FileLock, FileLock | undefined],
  log: (message: string) => void,
): () => Promise<void> {
  const unwatch = watch(cluster, locks, log);
  const abandon = () => {
    user.release();
    if (locks.nobody()) interruptServer(cluster);
  };
  const onSignal = (signal: NodeJS.Signals) => {
    if (process.listenerCount(signal) > 0) return; // the program handles this signal itself
    abandon();
    process.kill(process.pid, signal);
  };
  process.once('exit', abandon);
  for (const signal of signals) process.once(signal, onSignal);
  const stop = async () => {
    await unwatch();
    const turn = await locks.turn();
    process.off('exit', abandon);
    for (const signal of signals) process.off(signal, onSignal);
    user.release();
    const last = locks.nobody();
    try {
      if (last) await stopServer(cluster);
    } finally {
      last?.release();
      owner?.release();
      turn.release();
    }
  };
  let stopping: Promise<void> | undefined;
  return () => {
    stopping ??= stop();
    return stopping;
  };
}

type Locks = ReturnType<typeof locksIn>;

/** All of these locks end with their holder, however it dies. */
function locksIn(folder: string) {
  const file = (name: string) => join(folder, `${name}.lock`);
  const refusal = `Another process is starting or stopping the database in ${folder} and does not finish.`;
  return {
    /** Held by the process that is starting or stopping the server. */
    turn: () => waitForLock(file('turn'), 'exclusive', 180_000, refusal),
    /** Held by every user of the server, so that nobody stops it while it is in use. */
    user: () => waitForLock(file('users'), 'shared', 10_000, refusal),
    nobody: () => tryLock(file('users'), 'exclusive'),
    owner: () => {
      const lock = tryLock(file('owner'), 'exclusive');
      if (lock) return lock;
      throw new Error(
        `VidGen is already running on ${folder}: stop it first, or set DATA_DIR to another folder for this one.`,
      );
    },
  };
}

async function prepareFolder(dataDir: string): Promise<string> {
  try {
    await mkdir(resolve(dataDir), { recursive: true });
    const folder = await realpath(dataDir);
    // Root runs the server as another user, which must be able to pass through. The secrets inside are 0600.
    if (process.getuid?.() === 0) await chmod(folder, (await stat(folder)).mode | 0o001);
    tryLock(join(folder, 'turn.lock'), 'shared')?.release();
    return folder;
  } catch {
    throw new Error(
      `The data folder ${resolve(dataDir)} is not writable for this user: run as its owner, or set DATA_DIR to another folder.`,
    );
  }
}

/** Restarts the server whenever it is gone. Returns a function that ends the watch. */
function watch(
  cluster: Cluster,
  locks: Locks,
  log: (message: string) => void,
): () => Promise<void> {
  let tick: Promise<void> | undefined;
  let complaint = '';
  const revive = async () => {
    if (await isRunning(cluster)) return;
    const turn = await locks.turn();
    try {
      if (await findServer(cluster)) return;
      log('The embedded PostgreSQL is gone: starting it again');
      await startServer(cluster, false);
      complaint = '';
    } finally {
      turn.release();
    }
  };
  const timer = setInterval(() => {
    tick ??= revive()
      .catch((error: Error) => {
        if (error.message !== complaint) log(error.message);
        complaint = error.message;
      })
      .finally(() => {
        tick = undefined;
      });
  }, watchInterval).unref();
  return async () => {
    clearInterval(timer);
    await tick;
  };
}
