import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { Manifest } from './unpack.ts';

const root = resolve(import.meta.dirname, '..');
const run = promisify(execFile);
/** The marker in every Node.js binary that says whether a program was injected. */
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/**
 * Makes one executable from this Node.js and the bundle in `source`. For Linux and macOS.
 *
 * @returns its size in bytes
 */
export async function makeExecutable(source: string, executable: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'vidgen-executable-'));
  try {
    const blob = await makeBlob(resolve(source), folder);
    await writeFile(executable, withoutSymbols(await readFile(process.execPath)), { mode: 0o755 });
    const postject = join(root, 'node_modules', 'postject', 'dist', 'cli.js');
    const inject = [postject, executable, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', fuse];
    const isMac = process.platform === 'darwin';
    // macOS runs no program whose signature does not fit.
    if (isMac) await run('codesign', ['--remove-signature', executable]);
    await run(process.execPath, isMac ? [...inject, '--macho-segment-name', 'NODE_SEA'] : inject);
    if (isMac) await run('codesign', ['--sign', '-', executable]);
  } finally {
    await rm(folder, { recursive: true });
  }
  return (await stat(executable)).size;
}

/**
 * A program of 64-bit Linux as far as it is loaded. What follows are sections and symbols for debuggers: 17 MB of Node.js,
 * which take half of the time that the injection takes. Any other file stays as it is.
 */
function withoutSymbols(program: Buffer): Buffer {
  const isElf64 = program.readUInt32BE(0) === 0x7f454c46 && program.readUInt16LE(4) === 0x0102;
  if (!isElf64) return program;
  const [segments, size, count] = [
    program.readBigUInt64LE(32),
    program.readUInt16LE(54),
    program.readUInt16LE(56),
  ];
  let end = 0;
  for (let n = 0; n < count; n++) {
    const at = Number(segments) + n * size;
    end = Math.max(end, Number(program.readBigUInt64LE(at + 8) + program.readBigUInt64LE(at + 32)));
  }
  // Where the table of sections is, and how many there are.
  program.fill(0, 40, 48).fill(0, 60, 64);
  return program.subarray(0, end);
}

/** What is injected into Node.js: the launcher, and the files of `source` as its assets. */
async function makeBlob(source: string, folder: string): Promise<string> {
  const launcher = join(folder, 'launcher.cjs');
  const manifest = join(folder, 'manifest.json');
  const config = join(folder, 'sea.json');
  const blob = join(folder, 'blob');
  await build({
    absWorkingDir: root,
    entryPoints: ['build/launcher.ts'],
    outfile: launcher,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
  });
  const contents = await manifestOf(source);
  await writeFile(manifest, JSON.stringify(contents));
  const assets = Object.fromEntries(contents.files.map(({ path }) => [path, join(source, path)]));
  const settings = {
    main: launcher,
    output: blob,
    disableExperimentalSEAWarning: true,
    assets: { ...assets, 'manifest.json': manifest },
  };
  await writeFile(config, JSON.stringify(settings));
  await run(process.execPath, ['--experimental-sea-config', config]);
  return blob;
}

async function manifestOf(source: string): Promise<Manifest> {
  const entries = await readdir(source, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(source, join(parentPath, name)))
    .sort();
  const hash = createHash('sha256').update(process.version);
  const files: Manifest['files'] = [];
  for (const path of paths) {
    const bytes = await readFile(join(source, path));
    hash.update(path).update(bytes);
    files.push({ path, bytes: bytes.length });
  }
  return { digest: hash.digest('hex').slice(0, 16), files };
}
