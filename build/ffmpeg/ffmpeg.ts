import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { configureFfmpeg, configureX264 } from './components.ts';
import { Refusal, run, step } from './say.ts';
import { fetchSources, readSource, type SourcePackage, unpackSource } from './sources.ts';

// npm run build:ffmpeg: a small, static ffmpeg and ffprobe of Debian's sources in node_modules/.vidgen/ffmpeg.
// It needs no package, so an image can build it before everything else. --only-fetch brings the sources and stops;
// --no-fetch compiles those that are there.

const root = resolve(import.meta.dirname, '..', '..');
/** Sources and builds, which survive "npm ci". */
const work = join(root, '.vidgen', 'ffmpeg');
const target = join(root, 'node_modules', '.vidgen', 'ffmpeg');
const programs = ['ffmpeg', 'ffprobe'];

/** Programs, and the packages of Debian that have them. */
const tools = {
  gcc: 'gcc',
  make: 'make',
  patch: 'patch',
  'pkg-config': 'pkg-config',
  xz: 'xz-utils',
};
/** The assembler is what makes x264 fast on x86. */
const needed = process.arch === 'x64' ? { ...tools, nasm: 'nasm' } : tools;

const wanted = new Set(process.argv.slice(2));

async function main() {
  const sources = join(work, 'sources');
  if (wanted.has('--only-fetch')) return fetch(sources);
  const compiler = await findTools();
  if (!wanted.has('--no-fetch')) await fetch(sources);
  const [ffmpeg, x264] = await Promise.all([
    readSource(sources, 'ffmpeg'),
    readSource(sources, 'x264'),
  ]);
  const about = describe([ffmpeg, x264], compiler);
  const digest = createHash('sha256').update(about).digest('hex').slice(0, 16);
  const built = join(work, digest);
  if (await isMissing(built)) await build(sources, ffmpeg, x264, about, built);
  await rm(target, { recursive: true, force: true });
  await mkdir(join(target, '..'), { recursive: true });
  await cp(built, target, { recursive: true });
  for (const name of programs) {
    const bytes = await readFile(join(target, name));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const size = (bytes.length / 1024 ** 2).toFixed(1);
    console.log(`${join('node_modules/.vidgen/ffmpeg', name)}  ${size} MiB  sha256 ${sha256}`);
  }
}

async function fetch(sources: string): Promise<void> {
  const names = ['ffmpeg', 'x264'];
  const fresh = await step("Fetching Debian's sources", () => fetchSources(sources, names));
  if (!fresh) console.error('Debian cannot be asked for newer sources: taking those that are here');
}

async function build(
  sources: string,
  ffmpeg: SourcePackage,
  x264: SourcePackage,
  about: string,
  built: string,
): Promise<void> {
  const trees = join(work, 'build');
  const treeOf = ({ name }: SourcePackage) => join(trees, name);
  await step('Unpacking', async () => {
    await unpackSource(sources, x264, treeOf(x264));
    await unpackSource(sources, ffmpeg, treeOf(ffmpeg));
  });
  await step('Compiling x264', async (onPart) => {
    await run('./configure', configureX264, treeOf(x264));
    await make(treeOf(x264), [], onPart);
    await run('make', ['install-lib-static'], treeOf(x264));
  });
  const told = await step('Configuring ffmpeg', () =>
    run('./configure', configureFfmpeg, treeOf(ffmpeg)),
  );
  const [unknown] = /.*did not match anything.*/.exec(told) ?? [];
  if (unknown) throw new Refusal(unknown);
  await step('Compiling ffmpeg', (onPart) => make(treeOf(ffmpeg), programs, onPart));
  const growing = `${built}-${process.pid}`;
  await mkdir(growing, { recursive: true });
  for (const name of programs) {
    await run('strip', [name], treeOf(ffmpeg));
    await cp(join(treeOf(ffmpeg), name), join(growing, name));
  }
  await cp(join(treeOf(ffmpeg), 'COPYING.GPLv2'), join(growing, 'COPYING.ffmpeg'));
  await cp(join(treeOf(x264), 'COPYING'), join(growing, 'COPYING.x264'));
  await writeFile(join(growing, 'SOURCES'), about);
  await rename(growing, built);
  await rm(trees, { recursive: true });
}

/** With as many processes as there are cores; tells how many of the files are compiled. */
async function make(tree: string, targets: string[], onPart: (done: number, of: number) => void) {
  const planned = await run('make', ['--dry-run', ...targets], tree);
  const of = planned.split('\n').filter((line) => compiles.test(line)).length;
  let done = 0;
  await run('make', [`-j${availableParallelism()}`, ...targets], tree, (line) => {
    if (compiles.test(line)) onPart(Math.min(++done, of), of);
  });
}

/** x264 prints its commands, ffmpeg prints "CC" and the file. */
const compiles = /^(printf ")?(CC|X86ASM|AS)\b|^(gcc|nasm) .*-o \S+\.o\b/;

/** The sources themselves and a record of how they were compiled, shipped beside the programs. */
function describe(packages: SourcePackage[], compiler: string): string {
  const lines = packages.flatMap(({ name, version, files }) => [
    `${name} ${version}`,
    ...files.map((file) => `  ${file.sha256}  ${file.name}`),
    `  ./configure ${(name === 'x264' ? configureX264 : configureFfmpeg).map(quoted).join(' ')}`,
    '',
  ]);
  return `${notice}\n${lines.join('\n')}\nCompiled by ${compiler}\n`;
}

const quoted = (word: string) => (/^[\w./=,-]+$/.test(word) ? word : `'${word}'`);

const notice = `ffmpeg and ffprobe are programs of the FFmpeg project, linked to x264 of VideoLAN, and licensed under the GNU
General Public License, version 2 or later (COPYING.ffmpeg, COPYING.x264). They are separate programs, which
VidGen runs; VidGen itself is under the MIT licence. They were compiled, as "npm run build:ffmpeg" does it, of these
source packages of Debian with Debian's patches. Each release of VidGen has the same files as ffmpeg-sources.tar;
they are also at https://snapshot.debian.org/package/ffmpeg/ and https://snapshot.debian.org/package/x264/.
`;

/** @returns the compiler's name and version */
async function findTools(): Promise<string> {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const missing: string[] = [];
  for (const [program, debian] of Object.entries(needed)) {
    const found = await Promise.all(folders.map((folder) => isMissing(join(folder, program))));
    if (found.every(Boolean)) missing.push(debian);
  }
  if (process.platform === 'linux' && (await isMissing('/usr/include/zlib.h')))
    missing.push('zlib1g-dev');
  if (missing.length > 0) {
    throw new Refusal(
      `To compile ffmpeg, install ${missing.join(', ')}: apt-get install --yes --no-install-recommends libc6-dev ${missing.join(' ')}`,
    );
  }
  return (await run('gcc', ['--version'], root)).split('\n')[0] ?? 'gcc';
}

const isMissing = (path: string): Promise<boolean> =>
  stat(path).then(
    () => false,
    () => true,
  );

try {
  await main();
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
