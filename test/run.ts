import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { compile } from '../build/compile.ts';
import { batchesOf, writeBatch } from './batches.ts';
import { installPrograms } from './support/programs.ts';
import { secretsKey, startTestServer } from './support/server.ts';
import { temporaryRoot } from './support/temporary_root.ts';

// npm test [-- FILE-OR-FOLDER…] [-- --test-name-pattern=…]: one server for all files, and a temporary folder
// that must be empty again at the end.
const given = process.argv.slice(2);
const options = given.filter((argument) => argument.startsWith('-'));
const named = given.filter((argument) => !argument.startsWith('-'));
const inFolder = (folder: string) => globSync(join(folder, '**/*.test.ts')).sort();
const files = (named.length > 0 ? named : ['test']).flatMap((path) =>
  path.endsWith('.ts') ? path : inFolder(path),
);
const runner = 'test/run_files.ts';

// Below node_modules, where imports of packages resolve and no tool looks for sources.
const caches = join('node_modules', '.cache');
await mkdir(caches, { recursive: true });
const compiled = resolve(await mkdtemp(join(caches, 'vidgen-test-')));
const compiledOf = (file: string) => join(compiled, relative('.', file).replace(/ts$/, 'mjs'));
const folder = await mkdtemp(join(await temporaryRoot(), 'vidgen-test-'));
// Root runs the embedded PostgreSQL as another user, which must be able to pass through.
await chmod(folder, 0o711);
process.env.TMPDIR = folder;
process.env.TEST_INSTALLING = join(folder, 'installing');
// While the tests begin that need none of it. A run of some tests installs what these need.
const installing = given.length === 0 && installPrograms(process.env.TEST_INSTALLING);
try {
  await compile([...files, runner, 'cli/vidgen.ts'], compiled);
  const succeeded = await testAll();
  await installing;
  // tsx and Node.js keep their caches of compiled code there.
  const left = (await readdir(folder)).filter((name) => !/^(tsx-|node-compile-cache$)/.test(name));
  if (left.length > 0) console.error(`The tests left behind: ${left.join(', ')}`);
  process.exitCode = succeeded && left.length === 0 ? 0 : 1;
} finally {
  for (const each of [compiled, folder]) await rm(each, { recursive: true, force: true });
}

async function testAll(): Promise<boolean> {
  console.error('Starting PostgreSQL for the tests');
  const server = await startTestServer();
  const batches = await Promise.all(
    batchesOf(files).map((batch, n) => writeBatch(compiled, batch.map(compiledOf), n)),
  );
  const tests = spawn(
    process.execPath,
    ['--enable-source-maps', compiledOf(runner), ...options, ...batches],
    {
      stdio: 'inherit',
      env: {
        ...process.env,
        TEST_SERVER_URL: server.url,
        TEST_TEMPLATE: server.template,
        TEST_PROGRAM: compiledOf('cli/vidgen.ts'),
        SECRETS_KEY: secretsKey,
        NODE_ENV: 'test',
        NODE_COMPILE_CACHE: join(folder, 'node-compile-cache'),
      },
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => tests.kill(signal));
  const [code] = await once(tests, 'exit');
  await server.stop();
  return code === 0;
}
