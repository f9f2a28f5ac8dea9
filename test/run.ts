import { globSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';
import { compile } from '../build/compile.ts';
import { secretsKey, startTestServer } from './support/server.ts';

// npm test [-- FILE…] [-- --test-name-pattern=…]: one server for all files, and a temporary folder
// that must be empty again at the end.
const { values: options, positionals: named } = parseArgs({
  allowPositionals: true,
  options: { 'test-name-pattern': { type: 'string', multiple: true } },
});
const files = named.length > 0 ? named : longestFirst(globSync('test/**/*.test.ts').sort());

// Below node_modules, where it finds packages and nobody looks for sources.
const caches = join('node_modules', '.cache');
await mkdir(caches, { recursive: true });
const compiled = await mkdtemp(join(caches, 'vidgen-test-'));
const compiledOf = (file: string) => resolve(compiled, relative('.', file).replace(/ts$/, 'js'));
const folder = await mkdtemp(join(tmpdir(), 'vidgen-test-'));
// The embedded PostgreSQL of root runs as another user, who must be able to pass.
await chmod(folder, 0o711);
process.env.TMPDIR = folder;
try {
  await compile([...files, 'cli/vidgen.ts'], compiled);
  const succeeded = await testAll();
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
  Object.assign(process.env, {
    TEST_SERVER_URL: server.url,
    TEST_TEMPLATE: server.template,
    TEST_PROGRAM: compiledOf('cli/vidgen.ts'),
    SECRETS_KEY: secretsKey,
    NODE_ENV: 'test',
  });
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  const tests = run({
    files: files.map(compiledOf),
    // Twice the cores of the smallest machine: much of the time is waiting.
    concurrency: 4,
    execArgv: ['--enable-source-maps'],
    timeout: 600_000,
    testNamePatterns: options['test-name-pattern'],
    signal: stop.signal,
  });
  let succeeded = false;
  tests.on('test:summary', ({ file, success }) => {
    if (file === undefined) succeeded = success;
  });
  for await (const text of tests.compose(spec)) process.stdout.write(text);
  await server.stop();
  return succeeded;
}

/** What begins last must not be what takes longest. */
function longestFirst(all: string[]): string[] {
  const long = /^test\/(storage\/s3|journey|build\/|chaos\/)/;
  return [...all.filter((file) => long.test(file)), ...all.filter((file) => !long.test(file))];
}
