import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export type CompiledProgram = {
  path: string;
  /** What it must be able to read in order to start. */
  readable: string[];
};

/** esbuild's options. */
export const asOneFile = {
  bundle: true,
  platform: 'node',
  // Modules of the other kind take longer to start.
  format: 'cjs',
  // In two parts, or compiling the tests would insert this file's own address.
  define: { [`import.${'meta'}.url`]: '__filename' },
  legalComments: 'none',
  minifySyntax: true,
  minifyWhitespace: true,
  lineLimit: 160,
} as const;

/**
 * The module and its packages as one file, which starts in a third of the time that the sources take: every job
 * waits for it. It is compiled when a source has changed. Undefined where that is not possible: without esbuild
 * (tsx brings it), or where the program's folder is read-only.
 *
 * @param module its path from `root`
 */
export async function compiledProgram(
  root: string,
  module: string,
): Promise<CompiledProgram | undefined> {
  const modules = join(root, 'node_modules');
  const path = join(modules, '.vidgen', `${basename(module, '.ts')}.cjs`);
  try {
    await afterOthers(async () => {
      if (!(await isFresh(root, path))) await compile(root, module, path);
    });
    // Its folder, because another process may replace the file until the program starts. Native code stays in its packages.
    return { path, readable: [dirname(path), join(modules, '@img')] };
  } catch {
    return undefined;
  }
}

let others: Promise<unknown> = Promise.resolve();

/** One at a time: esbuild, stopped after one, never answers for another. */
function afterOthers(work: () => Promise<void>): Promise<void> {
  const mine = others.then(work);
  others = mine.catch(() => {});
  return mine;
}

/** Of each source, when it was changed. */
type Sources = Record<string, number>;

const marker = '// ';
const firstLineBytes = 64 * 1024;

/** The first line names the sources. */
async function isFresh(root: string, path: string): Promise<boolean> {
  const file = await open(path).catch(() => undefined);
  if (!file) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(firstLineBytes));
    const [line = ''] = buffer.toString('utf8', marker.length, bytesRead).split('\n');
    const then = JSON.parse(line) as Sources;
    const now = await changes(root, Object.keys(then));
    return Object.entries(then).every(([source, at]) => now[source] === at);
  } catch {
    return false;
  } finally {
    await file.close();
  }
}

async function compile(root: string, module: string, path: string): Promise<void> {
  const esbuild = await import('esbuild');
  const { outputFiles, metafile } = await esbuild.build({
    ...asOneFile,
    absWorkingDir: root,
    entryPoints: [module],
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  await esbuild.stop();
  const own = Object.keys(metafile.inputs).filter((input) => !input.startsWith('node_modules/'));
  // It changes whenever a package does.
  const sources = await changes(root, [...own, 'node_modules/.package-lock.json']);
  const text = `${marker}${JSON.stringify(sources)}\n${outputFiles[0]?.text}`;
  await mkdir(dirname(path), { recursive: true });
  const made = `${path}-${randomBytes(6).toString('hex')}`;
  await writeFile(made, text);
  await rename(made, path);
}

const changes = async (root: string, sources: string[]): Promise<Sources> =>
  Object.fromEntries(
    await Promise.all(
      sources.map(async (source) => [source, (await stat(join(root, source))).mtimeMs]),
    ),
  );
