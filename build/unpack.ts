import {
  accessSync,
  constants,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { homeFolder } from '../src/process/home.ts';

/** The contents of the executable. `digest` covers all of them, so another build gets another folder. */
export type Manifest = { digest: string; files: { path: string; bytes: number }[] };

type Read = (path: string) => Uint8Array;

/**
 * Returns the folder with the files, and unpacks them first if necessary: they are not there yet, or something
 * that cleans /tmp has removed some. Several processes may do so at once.
 *
 * @throws Error a sentence, when there is no folder that is safe to use
 */
export function unpack(manifest: Manifest, read: Read): string {
  const failures: string[] = [];
  for (const cache of caches()) {
    const folder = join(cache, `vidgen-${manifest.digest}`);
    try {
      if (exists(folder)) requireOwn(folder);
      if (!isWhole(folder, manifest)) fill(folder, manifest, read);
      requireOwn(folder);
      requireExecutable(folder, manifest);
      return folder;
    } catch (error) {
      failures.push((error as Error).message);
    }
  }
  throw new Error(
    `its contents must be unpacked once, and there is no folder for them (${failures.join('; ')}). Set VIDGEN_CACHE_DIR to a folder that this user can write and run programs from.`,
  );
}

/** VIDGEN_CACHE_DIR alone, if it is set. */
function caches(): string[] {
  const chosen = process.env.VIDGEN_CACHE_DIR;
  if (chosen) return [chosen];
  const home = homeFolder();
  return [process.env.XDG_CACHE_HOME, home && join(home, '.cache'), tmpdir()].filter(
    (path) => path !== undefined && path !== '',
  ) as string[];
}

const isWhole = (folder: string, { files }: Manifest): boolean =>
  files.every(
    ({ path, bytes }) => statSync(join(folder, path), { throwIfNoEntry: false })?.size === bytes,
  );

function fill(folder: string, manifest: Manifest, read: Read): void {
  mkdirSync(dirname(folder), { recursive: true, mode: 0o700 });
  const growing = mkdtempSync(`${folder}-`);
  try {
    for (const { path } of manifest.files) {
      mkdirSync(dirname(join(growing, path)), { recursive: true });
      writeFileSync(join(growing, path), read(path), { mode: 0o700 });
    }
    // What is left of an incomplete one goes aside: a folder that is not empty cannot be replaced.
    if (exists(folder)) renameSync(folder, join(growing, 'incomplete'));
    renameSync(growing, folder);
    rmSync(join(folder, 'incomplete'), { recursive: true, force: true });
  } catch (error) {
    rmSync(growing, { recursive: true, force: true });
    // Another process was faster.
    if (!isWhole(folder, manifest)) throw error;
  }
}

const exists = (folder: string) => lstatSync(folder, { throwIfNoEntry: false }) !== undefined;

/** These files will be run, so the folder must belong to this user alone, even below /tmp. */
function requireOwn(folder: string): void {
  const { uid, mode } = lstatSync(folder);
  if (process.platform === 'win32') return;
  if (uid !== process.getuid?.() || (mode & 0o022) !== 0)
    throw new Error(`${folder} belongs to somebody else`);
}

/** The system's loader takes native code only from a file system that is not mounted with noexec. */
function requireExecutable(folder: string, { files: [first] }: Manifest): void {
  if (!first) return;
  try {
    accessSync(join(folder, first.path), constants.X_OK);
  } catch {
    throw new Error(`${folder} is on a file system that is mounted with noexec`);
  }
}
