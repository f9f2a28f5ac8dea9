// Sets up what a command needs, then runs it. Plain JavaScript without packages: this file is what
// fetches them, and it must run on the old Node that a machine may have.
import { spawn, spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimes,
  writeFileSync,
} from 'node:fs';
import { constants as system } from 'node:os';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { boxIsBuilt, buildBox } from './setup/box.mjs';

const HELP = `Usage: node setup.mjs [FILE [ARGS...]]

Installs what is missing (packages, a recent Node.js, ffmpeg), then runs FILE with ARGS.
Without FILE it only installs. Says on stderr what it does; stdout belongs to FILE.

  FFMPEG_PATH     the ffmpeg to use, with ffprobe beside it; else the one on the PATH
  CHROMIUM_PATH   the browser for the tests; else the one on the PATH
  CI=true         a missing browser is an error, not a note`;

const root = dirname(fileURLToPath(import.meta.url));
const windows = process.platform === 'win32';
const isRoot = process.getuid?.() === 0;

/** What a person can do something about: shown as one sentence, without a stack. */
class Refusal extends Error {}

/** Which commands need more than packages. */
const PROGRAMS = new Map([
  ['setup', ['ffmpeg']],
  ['start', ['ffmpeg']],
  ['worker', ['ffmpeg']],
  ['demo', ['ffmpeg']],
  ['test/run.ts', ['ffmpeg', 'chromium']],
  ['bench/run.ts', ['ffmpeg']],
]);

async function main([file, ...args]) {
  if (file === '--help' || file === '-h') return console.log(HELP);
  if (isOlder(process.versions.node, '20')) {
    throw new Refusal(
      `VidGen needs Node.js 20 or newer (this is ${process.versions.node}): get it from https://nodejs.org.`,
    );
  }
  const word = file === 'cli/vidgen.ts' ? args[0] : (file ?? 'setup');
  const programs = PROGRAMS.get(word) ?? [];
  const runtime = await preparePackages(/^(test|bench|build)\//.test(file));
  if (programs.includes('ffmpeg')) await prepareFfmpeg();
  if (programs.includes('ffmpeg') || word === 'build/build.ts' || word === 'build/binary.ts')
    await exclusivelyUnless(
      () => boxIsBuilt(root),
      () => buildBox(root, findProgram),
    );
  if (programs.includes('chromium')) await prepareChromium();
  if (file) await run(runtime, resolve(root, file), args);
  else say('Everything is set up.');
}

const say = (message) => console.error(message);

function isOlder(version, minimum) {
  const numbers = version.split('.').map(Number);
  for (const [index, least] of minimum.split('.').map(Number).entries()) {
    if ((numbers[index] ?? 0) !== least) return (numbers[index] ?? 0) < least;
  }
  return false;
}

// --- packages and the runtime ---

/** Returns the path of a Node.js that is new enough. */
async function preparePackages(needsDev) {
  const minimum = readJson('package.json').engines.node.replace(/^\D+/, '');
  const old = isOlder(process.versions.node, minimum);
  const dev = needsDev || old; // the newer Node.js is a development package
  await exclusivelyUnless(
    () => packagesAreThere(dev),
    () => installPackages(dev),
  );
  const packaged = join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');
  if (existsSync(packaged)) return packaged;
  if (!old) return process.execPath;
  throw new Refusal(
    `VidGen needs Node.js ${minimum} or newer (this is ${process.versions.node}), and the package that brings it could not be installed: get it from https://nodejs.org.`,
  );
}

/** Compares what the lockfile wants with what npm noted when it had finished. */
function packagesAreThere(dev) {
  let present;
  try {
    present = readJson('node_modules/.package-lock.json').packages;
  } catch {
    return false; // not there, or npm is just writing it
  }
  return Object.entries(readJson('package-lock.json').packages).every(([path, wanted]) => {
    if (path === '') return true;
    if (present[path]) return present[path].version === wanted.version;
    return wanted.optional || ((wanted.dev || wanted.devOptional) && !dev);
  });
}

async function installPackages(dev) {
  say('Installing packages (about 25 s, only the first time)');
  // npm and its scripts need a Node.js that does not lie in the folder which is being replaced.
  const folders = (process.env.PATH ?? '').split(delimiter);
  const path = folders.filter((folder) => !folder.startsWith(join(root, 'node_modules')));
  const args = ['ci', '--loglevel=error', '--no-audit', '--no-fund', '--no-update-notifier'];
  const done = await finish(windows ? 'npm.cmd' : 'npm', dev ? [...args, '--include=dev'] : args, {
    cwd: root,
    env: { ...process.env, PATH: path.join(delimiter) },
    shell: windows,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (done !== 0) throw new Refusal('The packages could not be installed: npm says why above.');
}

function readJson(path) {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}

// --- programs ---

async function prepareFfmpeg() {
  const chosen = process.env.FFMPEG_PATH;
  if (chosen) {
    const probe = join(dirname(chosen), basename(chosen).replace('ffmpeg', 'ffprobe'));
    const problem = !isProgram(chosen)
      ? 'is not an executable file'
      : (ffmpegProblem(chosen) ?? (isProgram(probe) ? undefined : 'has no ffprobe beside it'));
    if (problem) throw new Refusal(`FFMPEG_PATH (${chosen}) ${problem}.`);
    return;
  }
  const found = () => findProgram('ffprobe') && findProgram('ffmpeg');
  if (canInstall()) await exclusivelyUnless(found, () => install('ffmpeg'));
  const path = found();
  if (!path) {
    throw new Refusal(`VidGen needs ffmpeg and ffprobe: ${ffmpegCommand()}, or set FFMPEG_PATH.`);
  }
  const problem = ffmpegProblem(path);
  if (problem) throw new Refusal(`The ffmpeg at ${path} ${problem}: set FFMPEG_PATH to another.`);
}

function ffmpegCommand() {
  if (windows) return 'run "winget install ffmpeg"';
  if (process.platform === 'darwin') return 'run "brew install ffmpeg"';
  return 'run "sudo apt-get install ffmpeg" (Debian, Ubuntu; elsewhere with its package manager)';
}

/** Asking ffmpeg takes a tenth of a second, so the answer is kept until the file is another. */
function ffmpegProblem(path) {
  const { size, mtimeMs } = statSync(path);
  const stamp = `${path} ${size} ${mtimeMs}`;
  const memory = join(root, 'node_modules', '.cache', 'vidgen-ffmpeg');
  if (existsSync(memory) && readFileSync(memory, 'utf8') === stamp) return undefined;
  const { status, stdout } = spawnSync(path, ['-version'], { encoding: 'utf8' });
  if (status !== 0 || !/^ffmpeg version/.test(stdout)) return 'is not a working ffmpeg';
  const version = /^ffmpeg version n?(\d+\.\d+)/.exec(stdout)?.[1];
  if (version && isOlder(version, '5.1')) return `is ${version}, and VidGen needs 5.1 or newer`;
  try {
    mkdirSync(dirname(memory), { recursive: true });
    writeFileSync(memory, stamp);
  } catch {
    // A folder that cannot be written is asked again next time.
  }
  return undefined;
}

async function prepareChromium() {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'chrome'];
  const macs = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  const chosen = process.env.CHROMIUM_PATH;
  if (chosen) {
    if (!isProgram(chosen)) throw new Refusal(`CHROMIUM_PATH (${chosen}) is not executable.`);
    return;
  }
  const found = () => names.map(findProgram).find(Boolean) ?? (isProgram(macs) ? macs : undefined);
  if (canInstall()) await exclusivelyUnless(found, () => install('chromium'));
  const path = found();
  if (path) process.env.CHROMIUM_PATH = path;
  else if (process.env.CI === 'true') {
    throw new Refusal('The tests need Chromium: install it, or set CHROMIUM_PATH.');
  } else
    say('No Chromium was found: the tests in a browser are left out (CHROMIUM_PATH names one).');
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function findProgram(name) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, windows ? `${name}.exe` : name))
    .find(isProgram);
}

function canInstall() {
  return isRoot && findProgram('apt-get') !== undefined;
}

/** Installs a package of the distribution, with new package lists where the old do not serve. */
async function install(name) {
  say(`Installing ${name} with apt-get (up to a minute, only the first time)`);
  const apt = (stderr, ...args) =>
    finish('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'ignore', stderr],
    });
  const get = (stderr) => apt(stderr, 'install', '-y', '--no-install-recommends', name);
  if ((await get('ignore')) === 0) return;
  say('Fetching the package lists');
  await apt('inherit', 'update');
  if ((await get('inherit')) !== 0) say(`apt-get could not install ${name}.`);
}

// --- processes ---

/** Runs a program to its end; resolves to its exit code. */
function finish(program, args, options) {
  return new Promise((resolve) => {
    const child = spawn(program, args, options);
    process.once('exit', () => child.kill());
    child.once('error', () => resolve(127));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/**
 * Does `work` unless it is `done`, one command at a time. The lock is a file that its holder keeps
 * fresh, so one that was left by a killed process is known by its age.
 */
async function exclusivelyUnless(done, work) {
  if (done()) return;
  const lock = join(root, '.vidgen', 'setup.lock');
  mkdirSync(dirname(lock), { recursive: true });
  for (let told = false; !take(lock); told = true) {
    if (!told) say('Another command is setting up: waiting for it');
    await new Promise((wake) => setTimeout(wake, 200));
    if (done()) return;
  }
  const freshen = setInterval(() => utimes(lock, new Date(), new Date(), () => {}), 1000);
  const leave = () => rmSync(lock, { force: true });
  const quit = () => process.exit(1);
  process.once('exit', leave).once('SIGINT', quit).once('SIGTERM', quit);
  try {
    if (!done()) await work();
  } finally {
    clearInterval(freshen);
    process.off('exit', leave).off('SIGINT', quit).off('SIGTERM', quit);
    leave();
  }
}

function take(lock) {
  try {
    writeFileSync(lock, '', { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > 10_000) rmSync(lock, { force: true });
    return false;
  }
}

/** Runs FILE and becomes its likeness: same streams, same signals, same end. */
async function run(runtime, file, args) {
  if (!existsSync(file)) throw new Refusal(`There is no file ${basename(file)} to run.`);
  const loader = ['--import', import.meta.resolve('tsx')];
  // The IPC channel tells FILE when this process is gone, however it died.
  const child = spawn(runtime, [...loader, file, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  let last = 0;
  const forward = (signal) => {
    const again = Date.now() - last < 1000;
    last = Date.now();
    // Ctrl-C on a terminal reaches FILE by itself, and npm repeats it: it shall hear it once.
    if (signal === 'SIGINT' && (process.stdin.isTTY || again)) return;
    child.kill(signal);
  };
  process.on('SIGINT', forward);
  process.on('SIGTERM', forward);
  const descent = parents();
  const watch = setInterval(() => {
    if (parents() === descent) return;
    clearInterval(watch);
    if (last === 0) forward('SIGTERM');
  }, 200);
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (...end) => resolve(end));
  });
  clearInterval(watch);
  process.off('SIGINT', forward);
  process.off('SIGTERM', forward);
  if (signal) process.kill(process.pid, signal);
  process.exitCode = code ?? 128 + system.signals[signal];
}

/**
 * Who started this process, where npm did: it changes when one of them is gone. npm hands a signal
 * only to the shell that it puts in between, which dies of it without a word.
 */
function parents() {
  const { ppid } = process;
  if (!process.env.npm_lifecycle_event) return '';
  const told = (name) => {
    try {
      return readFileSync(`/proc/${ppid}/${name}`, 'utf8');
    } catch {
      return ''; // not Linux, or just gone
    }
  };
  const isShell = told('cmdline').split('\0')[1] === '-c';
  return isShell ? `${ppid} ${/^PPid:.*/m.exec(told('status'))}` : `${ppid}`;
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error instanceof Refusal ? error.message : `The setup failed: ${error.message}`);
  process.exitCode = 1;
});
