import { spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { exclusivelyUnless, finish, isOlder, Refusal, root, say, windows } from './install.mjs';

const isRoot = process.getuid?.() === 0;

/**
 * The one that is chosen, else the one that "npm run build:ffmpeg" made, else the system's. What makes inputs and
 * judges videos needs the system's in any case.
 */
export async function prepareFfmpeg(needsSystems) {
  const chosen = process.env.FFMPEG_PATH;
  if (chosen) requireChosen(chosen);
  const isThere = chosen || isProgram(join(root, 'node_modules', '.vidgen', 'ffmpeg', 'ffmpeg'));
  if (!isThere || needsSystems) await prepareSystems();
}

function requireChosen(chosen) {
  const probe = join(dirname(chosen), basename(chosen).replace('ffmpeg', 'ffprobe'));
  const problem = !isProgram(chosen)
    ? 'is not an executable file'
    : (ffmpegProblem(chosen) ?? (isProgram(probe) ? undefined : 'has no ffprobe beside it'));
  if (problem) throw new Refusal(`FFMPEG_PATH (${chosen}) ${problem}.`);
}

async function prepareSystems() {
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

/** Asking ffmpeg takes a tenth of a second, so the answer is kept until the file changes. */
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
    // If the folder is not writable, ffmpeg is asked again next time.
  }
  return undefined;
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

export function findProgram(name) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, windows ? `${name}.exe` : name))
    .find(isProgram);
}

export function canInstall() {
  return isRoot && findProgram('apt-get') !== undefined;
}

/** Installs packages of the distribution, and refreshes the package lists if the old ones fail. */
export async function install(...names) {
  const name = names.join(' ');
  say(`Installing ${name} with apt-get (up to a minute, only the first time)`);
  const apt = (stderr, ...args) =>
    finish('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'ignore', stderr],
    });
  const get = (stderr) => apt(stderr, 'install', '-y', '--no-install-recommends', ...names);
  if ((await get('ignore')) === 0) return;
  say('Fetching the package lists');
  await apt('inherit', 'update');
  if ((await get('inherit')) !== 0) say(`apt-get could not install ${name}.`);
}
