import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';

// Runs compiled test files in this order, which `node --test` would change. In a process of its own:
// every file's process gets the options of this one, and the loader of test/run.ts costs it a second.
const { values, positionals: files } = parseArgs({
  allowPositionals: true,
  options: { 'test-name-pattern': { type: 'string', multiple: true } },
});
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
const tests = run({
  files,
  // Twice the cores of the smallest machine: much of the time is waiting.
  concurrency: 4,
  timeout: 600_000,
  testNamePatterns: values['test-name-pattern'],
  signal: stop.signal,
});
let succeeded = false;
tests.on('test:summary', ({ file, success }) => {
  if (file === undefined) succeeded = success;
});
for await (const text of tests.compose(spec)) process.stdout.write(text);
process.exitCode = succeeded ? 0 : 1;
