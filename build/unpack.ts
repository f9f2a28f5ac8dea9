import { lstatSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The contents of the executable. `digest` covers all of them, so another build gets another folder. */
export type Manifest = { digest: string; paths: string[] };

/**
 * Returns the folder with the files, and unpacks them first if necessary. Several processes may do so at
 * once.
 *
 * @throws Error a sentence, when there is no folder that is safe to use
 */
export function unpack(manifest: Manifest, read: (path: string) => Uint8Array): string {
  let failure: unknown;
  for (const cache of caches()) {
    const folder = join(cache, `vidgen-${manifest.digest}`);
    try {
      if (!exists(folder)) fill(folder, manifest, read);
      requireOwn(folder);
      return folder;
    } catch (error) {
      failure = error;
    }
  }
  throw new Error(
    `The native code must be unpacked once, and there is no folder for it (${(failure as Error).message}). Set XDG_CACHE_HOME to a folder that can be written.`,
  );
}

function caches(): string[] {
  const { xdgCacheHome } = process.env;
  return [xdgCacheHome, join(homedir(), '.cache'), tmpdir()].filter((path) => path !== undefined);
}

function fill(folder: string, { paths }: Manifest, read: (path: string) => Uint8Array): void {
  mkdirSync(dirname(folder), { recursive: true, mode: 0o700 });
  const growing = mkdtempSync(`${folder}-`);
  try {
    for (const path of paths) {
      mkdirSync(dirname(join(growing, path)), { recursive: true });
      writeFileSync(join(growing, path), read(path), { mode: 0o700 });
    }
    renameSync(growing, folder);
  } catch (error) {
    rmSync(growing, { recursive: true, force: true });
    // Another process was faster.
    if (!exists(folder)) throw error;
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
