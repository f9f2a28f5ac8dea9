import assert from 'node:assert/strict';
import { execFile, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import {
  copyFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '..', '..');
const show = 'console.log(JSON.stringify([process.argv.slice(2), process.env.FFMPEG_PATH]));';

test('it hands on arguments, output and exit status, and adds nothing to stdout', async (t) => {
  const house = await makeHouse(t, `${show} process.exitCode = 7;`);
  const done = await setup(house, ['cli/vidgen.ts', 'keys', 'create', 'a name', '--json']);
  assert.deepEqual(done, {
    code: 7,
    stdout: '[["keys","create","a name","--json"],null]\n',
    stderr: '',
  });
});

test('SIGTERM and SIGINT reach the program once, and its exit status comes back', async () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const child = start(root, ['test/setup/signalled.ts']);
    const output = text(child.stdout);
    await once(child.stdout, 'data');
    child.kill(signal);
    const [code] = await once(child, 'close');
    assert.deepEqual([code, await output], [5, `ready\n${signal}\n`]);
  }
});

test('a program whose setup was killed ends too', async () => {
  const child = start(root, ['test/setup/signalled.ts']);
  const output = text(child.stdout);
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  assert.equal(await output, 'ready\nowner gone\n');
});

test('a program that npm started ends with npm, and with the shell in between', async () => {
  const line = `"${process.execPath}" setup.mjs test/setup/signalled.ts; true`;
  const shell = `const { pid } = require('child_process').spawn('sh', ['-c', process.argv[1]], { stdio: ['ignore', 'inherit', 'inherit'] }); console.log(pid);`;
  for (const victim of ['npm', 'shell']) {
    const env = { ...process.env, npm_lifecycle_event: 'start' };
    const npm = spawn(process.execPath, ['-e', shell, line], { cwd: root, env });
    const lines = createInterface(npm.stdout)[Symbol.asyncIterator]();
    const next = async () => (await lines.next()).value;
    const pid = Number(await next());
    assert.equal(await next(), 'ready');
    process.kill(victim === 'npm' && npm.pid ? npm.pid : pid, 'SIGKILL');
    assert.equal(await next(), 'SIGTERM');
    assert.equal(await next(), undefined);
  }
});

test('what is missing is one sentence', async (t) => {
  const house = await makeHouse(t, show);
  const bin = join(house, 'bin');
  await mkdir(bin);
  const bare = { PATH: bin }; // no ffmpeg, and no apt-get to install it with
  const refusals: [string[], Record<string, string>, RegExp][] = [
    [
      ['cli/vidgen.ts', 'start'],
      bare,
      /^VidGen needs ffmpeg and ffprobe: run ".* install ffmpeg".*, or set FFMPEG_PATH\.\n$/,
    ],
    [
      ['cli/vidgen.ts', 'demo'],
      { FFMPEG_PATH: join(bin, 'none') },
      /^FFMPEG_PATH \(.*\) is not an executable file\.\n$/,
    ],
    [
      ['cli/vidgen.ts', 'worker'],
      { FFMPEG_PATH: process.execPath },
      /^FFMPEG_PATH \(.*\) is not a working ffmpeg\.\n$/,
    ],
    [['cli/none.ts'], {}, /^There is no file none\.ts to run\.\n$/],
    [
      ['cli/vidgen.ts', 'keys'],
      { NODE_OPTIONS: nodeVersion('18.20.8') },
      /^VidGen needs Node\.js 20 or newer \(this is 18\.20\.8\): .*\n$/,
    ],
  ];
  for (const [args, env, sentence] of refusals) {
    const { code, stdout, stderr } = await setup(house, args, env);
    assert.match(stderr, sentence);
    assert.deepEqual([code, stdout], [1, '']);
  }
});

test('what a command does not need is not asked for', async (t) => {
  const house = await makeHouse(t, show);
  for (const word of ['keys', 'migrate', 'web']) {
    const { code, stderr } = await setup(house, ['cli/vidgen.ts', word], { FFMPEG_PATH: 'none' });
    assert.deepEqual([code, stderr], [0, '']);
  }
});

test('two at once on a fresh clone install once, and the next does not', async (t) => {
  const house = await mkdtemp(join(tmpdir(), 'setup-'));
  t.after(() => rm(house, { recursive: true, force: true }));
  await copyFile(join(root, 'setup.mjs'), join(house, 'setup.mjs'));
  await cp(join(root, 'setup'), join(house, 'setup'), { recursive: true });
  await mkdir(join(house, 'part'));
  const version = '1.0.0';
  const main = { name: 'house', version, dependencies: { part: 'file:part' } };
  const write = (path: string, content: object) =>
    writeFile(join(house, path), JSON.stringify(content));
  await write('package.json', { ...main, engines: { node: '>=22.18' } });
  await write('part/package.json', { name: 'part', version });
  await write('package-lock.json', {
    name: 'house',
    version,
    lockfileVersion: 3,
    packages: {
      '': main,
      'node_modules/part': { resolved: 'part', link: true },
      part: { version },
    },
  });
  const said = (stderr: string) => stderr.match(/Installing packages/g)?.length ?? 0;
  const clean = { NODE_DISABLE_COMPILE_CACHE: '1' }; // npm's, which would stay behind
  const both = await Promise.all([setup(house, [], clean), setup(house, [], clean)]);
  assert.deepEqual(
    both.map(({ code }) => code),
    [0, 0],
    both.map(({ stderr }) => stderr).join('\n'),
  );
  assert.equal(said(both.map(({ stderr }) => stderr).join()), 1);
  const next = await setup(house, [], clean);
  assert.deepEqual([next.code, said(next.stderr)], [0, 0]);
});

test('fonts for captions are installed once where root has apt, and nobody else is bothered', async (t) => {
  const house = await mkdtemp(join(tmpdir(), 'setup-'));
  t.after(() => rm(house, { recursive: true, force: true }));
  await cp(join(root, 'setup'), join(house, 'setup'), { recursive: true });
  const fonts = join(house, 'fonts');
  await mkdir(join(fonts, 'truetype', 'noto'), { recursive: true });
  await writeFile(join(fonts, 'truetype', 'noto', 'NotoColorEmoji.ttf'), '');
  const apt = join(house, 'apt-get');
  await writeFile(apt, `#!/bin/sh\necho "$@" >> ${house}/asked\n`, { mode: 0o755 });
  const prepare = `import('./setup/fonts.mjs').then((module) => module.prepareFonts('${fonts}'))`;
  const [run, asked] = [promisify(execFile), join(house, 'asked')];
  for (let times = 0; times < 2; times++)
    await run(process.execPath, ['-e', prepare], { cwd: house, env: { PATH: `${house}:/bin` } });
  const commands = existsSync(asked) ? (await readFile(asked, 'utf8')).trim().split('\n') : [];
  assert.equal(commands.length, process.getuid?.() === 0 ? 1 : 0);
  for (const command of commands) assert.match(command, / fonts-noto-core fonts-noto-cjk$/);
});

/** A separate project with the real packages, in which `program` replaces the command line. */
async function makeHouse(t: TestContext, program: string): Promise<string> {
  const house = await mkdtemp(join(tmpdir(), 'setup-'));
  t.after(() => rm(house, { recursive: true, force: true }));
  for (const file of ['setup.mjs', 'package.json', 'package-lock.json']) {
    await copyFile(join(root, file), join(house, file));
  }
  await cp(join(root, 'setup'), join(house, 'setup'), { recursive: true });
  await mkdir(join(house, 'node_modules'));
  for (const name of await readdir(join(root, 'node_modules'))) {
    // An ffmpeg that was built here would be in the way of the tests of what is missing.
    if (name === '.vidgen') continue;
    await symlink(join(root, 'node_modules', name), join(house, 'node_modules', name));
  }
  await mkdir(join(house, 'cli'));
  await writeFile(join(house, 'cli', 'vidgen.ts'), program);
  return house;
}

/** Makes a process believe that its Node.js is another version. */
function nodeVersion(version: string): string {
  const lie = `Object.defineProperty(process.versions, 'node', { value: '${version}' });`;
  return `--import=data:text/javascript,${encodeURIComponent(lie)}`;
}

function start(house: string, args: string[], env: Record<string, string> = {}) {
  const { FFMPEG_PATH: _, ...rest } = process.env;
  const options: SpawnOptions = { cwd: house, env: { ...rest, ...env }, stdio: 'pipe' };
  const child = spawn(process.execPath, ['setup.mjs', ...args], options);
  assert(child.stdout && child.stderr);
  return Object.assign(child, { stdout: child.stdout, stderr: child.stderr });
}

async function setup(house: string, args: string[], env?: Record<string, string>) {
  const child = start(house, args, env);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code, stdout, stderr };
}
