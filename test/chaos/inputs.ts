import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cleanup } from '../support/database.ts';
import { ffmpegPath, ffprobePath } from '../support/media.ts';
import { until } from '../support/until.ts';

export type HeldFfmpeg = {
  /** The environment of workers whose renders are held. */
  env: FakeFfmpeg;
  /** Holds renders that begin from now on. */
  hold(): Promise<void>;
  /** Resolves when a render is held, with the ids of the waiting processes. */
  held(): Promise<number[]>;
  /** Releases all of them. */
  go(): Promise<void>;
};

/** An ffmpeg that can be held before it begins, so that a worker is certainly in the middle of a render. */
export async function heldFfmpeg(t: Cleanup): Promise<HeldFfmpeg> {
  const folder = await fakeFfmpeg(
    t,
    (dir) => `while [ -e ${dir}/hold ]; do
        [ -e ${dir}/held.$$ ] || echo > ${dir}/held.$$
        sleep 0.2
      done
      rm -f ${dir}/held.$$`,
  );
  const pids = async () =>
    (await readdir(folder)).flatMap((name) => /^held\.(\d+)$/.exec(name)?.[1] ?? []).map(Number);
  return {
    env: envOf(folder),
    hold: async () => {
      for (const pid of await pids()) await rm(join(folder, `held.${pid}`));
      await writeFile(join(folder, 'hold'), '');
    },
    held: () =>
      until('a render is held', async () => {
        const waiting = await pids();
        return waiting.length > 0 && waiting;
      }),
    go: () => rm(join(folder, 'hold'), { force: true }),
  };
}

/** Whether a process lives. A zombie does not: it only waits for its parent to read its exit status. */
export async function runs(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && !/\) Z /.test(stat);
}

export type PoisonedFfmpeg = {
  env: FakeFfmpeg;
  /** Lets slow renders go on. */
  release(): Promise<void>;
};

/** Marks in sounds that `poisonedFfmpeg` recognizes. */
export const poison = 'POISON';
export const slow = 'SLOW';

/**
 * An ffmpeg that kills the worker which started it when the sound is poison, but not before a slow one
 * runs beside it; that one takes until `release`.
 */
export async function poisonedFfmpeg(t: Cleanup): Promise<PoisonedFfmpeg> {
  const folder = await fakeFfmpeg(
    t,
    (dir) => `for file in "$@"; do
        [ -f "$file" ] || continue
        if head -c 100 "$file" | grep -qa ${slow}; then
          echo > ${dir}/beside
          while [ -d ${dir} ] && [ ! -e ${dir}/released ]; do sleep 0.2; done
        elif head -c 100 "$file" | grep -qa ${poison}; then
          while [ -d ${dir} ] && [ ! -e ${dir}/beside ]; do sleep 0.2; done
          kill -9 $PPID
        fi
      done`,
  );
  return {
    env: envOf(folder),
    release: () => writeFile(join(folder, 'released'), ''),
  };
}

/** Settings of a worker with an ffmpeg of ours, which reads and signals what the sandbox would refuse. */
type FakeFfmpeg = { FFMPEG_PATH: string; SANDBOX: 'off' };
const envOf = (folder: string): FakeFfmpeg => ({
  FFMPEG_PATH: join(folder, 'ffmpeg'),
  SANDBOX: 'off',
});

/** A folder with an `ffmpeg` that first runs this script, and the real ffprobe beside it. */
async function fakeFfmpeg(t: Cleanup, script: (dir: string) => string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'vidgen-fake-ffmpeg-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const write = async (name: string, text: string) => {
    await writeFile(join(dir, name), `#!/bin/sh\n${text}\n`);
    await chmod(join(dir, name), 0o755);
  };
  // What a worker asks and renders before it takes jobs.
  const isCheck = 'case "$*" in -version|*"-video_size 32x32"*"-f ipod"*) exec';
  await write(
    'ffmpeg',
    `${isCheck} ${ffmpegPath} "$@";; esac\n${script(dir)}\nexec ${ffmpegPath} "$@"`,
  );
  await write('ffprobe', `exec ${ffprobePath} "$@"`);
  return dir;
}
