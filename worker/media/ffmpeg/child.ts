import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism, constants } from 'node:os';
import type { Duplex, Writable } from 'node:stream';
import type { Box } from '../box/box.ts';
import { mostThreads } from '../box/most_threads.ts';
import { giveFilter } from '../box/namespaces.ts';
import { MediaError, machineError, RenderError } from '../errors.ts';
import { lowerPriority } from './priority.ts';

const stderrKept = 8_192;
const stdoutKept = 64 * 1024 * 1024;
/** No honest file needs this much: a picture of 2160p takes a fifth of this memory. */
const mostRoom = {
  memoryBytes: 4 * 1024 ** 3,
  fileBytes: 8 * 1024 ** 3,
  threads: mostThreads(),
};
/** None of our environment, because our settings are secrets. Only the host's library path is passed on. */
const environment = {
  LANG: 'C.UTF-8',
  // Node.js exits when it cannot read the system's file.
  OPENSSL_CONF: '/dev/null',
  ...(process.env.LD_LIBRARY_PATH && { LD_LIBRARY_PATH: process.env.LD_LIBRARY_PATH }),
};

export type Task = {
  /** The program's whole path. */
  program: string;
  args: string[];
  /** Its working folder, and the only folder that exists for it. */
  box: Box;
  dir: string;
  /** Further files and folders that it may read. */
  readable?: string[];
  /** In addition to what every child gets. */
  env?: Record<string, string>;
  signal: AbortSignal;
  /** Wall-clock limit in milliseconds; after it the child is killed and the run is a RenderError. */
  limitMs: number;
  /** For what decodes a caller's file: with more CPU time than this, the file is at fault. */
  budget?: Budget;
  /** All at once, or in parts; each part may be overwritten when the next is requested. */
  stdin?: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /** Receives the output as it arrives; without it the output is collected. */
  onStdout?(chunk: Buffer): void;
  /** Characters of its stderr that are kept, the last ones; 8,192 by default. */
  stderrKept?: number;
};

/** Unlike wall-clock time, CPU time does not depend on how busy the machine is. */
export type Budget = {
  cpuSeconds: number;
  /** The MediaError of a file that takes longer. */
  sentence: string;
};

export type Ended = { code: number; stdout: Buffer; stderr: string };

/**
 * Runs one program in its own process group, at low priority, and waits for its end. A program that cannot be
 * started, was killed, or hangs is a RenderError, one that uses up its budget a MediaError; an abort rejects with the signal's reason. In every case no
 * process of the group is left. The caller judges the exit code.
 */
export function runChild(task: Task): Promise<Ended> {
  task.signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const { box, dir, readable = [], limitMs, budget } = task;
    const room = {
      dir,
      readable,
      ...mostRoom,
      cpuSeconds: Math.ceil(budget?.cpuSeconds ?? (availableParallelism() * limitMs) / 1000),
    };
    const { program, args, filter } = box.wrap(task.program, task.args, room);
    const child = spawn(program, args, {
      cwd: dir,
      env: { ...environment, ...task.env },
      detached: true,
      stdio: filter ? ['pipe', 'pipe', 'pipe', 'pipe'] : 'pipe',
    });
    let failure: unknown;
    const stop = (reason: unknown) => {
      failure ??= reason;
      killGroup(child);
    };
    const abort = () => stop(task.signal.reason);
    const timer = setTimeout(
      () => stop(new RenderError('Rendering took too long and was stopped.', describe(task))),
      task.limitMs,
    );
    task.signal.addEventListener('abort', abort, { once: true });

    child.on('spawn', () => child.pid !== undefined && lowerPriority(child.pid));
    child.on('error', (error) => {
      failure ??= machineError(`${task.program} could not be started: ${error.message}`);
      if (child.pid === undefined) finish(null, null);
    });
    child.on('close', finish);
    const stdout: Buffer[] = [];
    let stdoutBytes = 0;
    let stderr = '';
    // Without free file descriptors the streams are missing, whatever the types say.
    if (!child.stdout) return;
    child.stdout.on('data', (chunk: Buffer) => {
      try {
        if (task.onStdout) return task.onStdout(chunk);
      } catch (error) {
        return stop(error);
      }
      stdoutBytes += chunk.length;
      if (stdoutBytes > stdoutKept) return stop(machineError('output beyond its limit'));
      stdout.push(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-(task.stderrKept ?? stderrKept));
    });
    if (filter) giveFilter(child.stdio[3] as Duplex, filter);
    // A program that stops reading is judged by its exit, not by the broken pipe.
    child.stdin.on('error', () => {});
    if (!task.stdin || task.stdin instanceof Uint8Array) child.stdin.end(task.stdin);
    else feed(child.stdin, task.stdin).catch(stop);

    function finish(code: number | null, signal: NodeJS.Signals | null) {
      clearTimeout(timer);
      task.signal.removeEventListener('abort', abort);
      if (failure !== undefined) return reject(failure);
      const killedBy = signal ?? (box.level === 'bubblewrap' && signalOf(code));
      if (budget && killedBy === 'SIGXCPU')
        return reject(new MediaError(budget.sentence, { cause: describe(task) }));
      if (code === null || killedBy) {
        return reject(machineError(`${describe(task)} was killed by ${killedBy}: ${stderr}`));
      }
      resolve({ code, stdout: Buffer.concat(stdout), stderr: stderr.trim() });
    }
  });
}

/** bubblewrap tells by its own exit code which signal killed the program. */
const signalOf = (code: number | null) =>
  Object.entries(constants.signals).find(([_, number]) => code === 128 + number)?.[0];

/** Writes each part when the previous one has been flushed, until the program stops reading. */
async function feed(
  stdin: Writable,
  parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  let goOn = () => {};
  stdin.on('close', () => goOn());
  for await (const part of parts) {
    if (stdin.destroyed) return;
    await new Promise<void>((resolve) => {
      goOn = resolve;
      stdin.write(part, () => resolve());
    });
  }
  stdin.end();
}

function describe(task: Task): string {
  return [task.program, ...task.args].join(' ');
}

function killGroup(child: ChildProcess) {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}
