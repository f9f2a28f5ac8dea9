import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { exclusivelyUnless, finish, isOlder, Refusal, root, say, windows } from './install.mjs';

/** Returns the path of a Node.js that is new enough. */
export async function preparePackages(needsDev) {
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

/** Compares what the lockfile wants with what npm recorded when it finished. */
function packagesAreThere(dev) {
  let present;
  try {
    present = readJson('node_modules/.package-lock.json').packages;
  } catch {
    return false; // missing, or npm is writing it now
  }
  return Object.entries(readJson('package-lock.json').packages).every(([path, wanted]) => {
    if (path === '') return true;
    if (present[path]) return present[path].version === wanted.version;
    return wanted.optional || ((wanted.dev || wanted.devOptional) && !dev);
  });
}

async function installPackages(dev) {
  say('Installing packages (about 25 s, only the first time)');
  // npm and its scripts need a Node.js outside the folder that is being replaced.
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
