import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { OperatorError } from '../../src/operator_error.ts';
import type { Box } from '../../worker/media/box/box.ts';
import { compiledProgram } from '../../worker/media/box/compiled_program.ts';
import { carriedProgram } from '../../worker/media/box/find_program.ts';
import { limited, noBox } from '../../worker/media/box/limits.ts';
import { mostThreads } from '../../worker/media/box/most_threads.ts';
import { namespaced, namespacesWork } from '../../worker/media/box/namespaces.ts';
import { openBox } from '../../worker/media/box/open_box.ts';
import { ownProgram } from '../../worker/media/box/own_program.ts';
import { type Budget, runChild } from '../../worker/media/ffmpeg/child.ts';
import { file, folder, plainPicture, render } from '../support/media.ts';
import { processesOf } from '../support/processes_of.ts';
import { requireProgram, without } from '../support/programs.ts';
import { until } from '../support/until.ts';
import { silentWav } from '../support/wav.ts';

const signal = new AbortController().signal;

let attacks: Promise<Buffer> | undefined;
/** The program that tries them. */
function compiledAttacks(): Promise<Buffer> {
  attacks ??= compile(join(import.meta.dirname, '..', 'support', 'attacks.c'));
  return attacks;
}

async function compile(source: string): Promise<Buffer> {
  const dir = await mkdtemp(join(tmpdir(), 'vidgen-attacks-'));
  try {
    const compiler = await requireProgram('gcc');
    await promisify(execFile)(compiler, ['-o', join(dir, 'attacks'), source]);
    return await readFile(join(dir, 'attacks'));
  } finally {
    await rm(dir, { recursive: true });
  }
}

const helper = carriedProgram('box');
const bubblewrap = without('bwrap') ? undefined : await requireProgram('bwrap');

/** Each way that this machine has to isolate a decoder, not only the one that it would take. */
const boxes: { name: string; box: Box }[] = [
  ...(helper
    ? [{ name: 'helper', box: await openBox('auto', { helper, bubblewrap: undefined }) }]
    : []),
  ...(bubblewrap && (await namespacesWork(bubblewrap))
    ? [{ name: 'bubblewrap', box: namespaced(bubblewrap) }]
    : []),
];
test('this machine has a box to be tried', () => assert.notEqual(boxes.length, 0));

/** Ports of PostgreSQL and of a server that counts its visits. */
async function servers(t: TestContext) {
  let visits = 0;
  const server = createServer().on('connection', () => visits++);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const postgres = Number(new URL(process.env.TEST_SERVER_URL ?? '').port);
  return { ports: [port, postgres], visits: () => visits };
}

/** Whether bash reports that the kernel refused. */
const refused =
  /Permission denied|Operation not permitted|fork: |cannot fork|No such|Read-only|unreachable|refused/;

/** Runs lines of bash in ffmpeg's place; resolves with what they print. */
const takenOverIn =
  (box: Box) =>
  async (dir: string, lines: string, limitMs = 60_000, budget?: Budget): Promise<string> => {
    const program = await file(dir, 'ffmpeg', `#!/usr/bin/bash\n${lines}\n`);
    await chmod(program, 0o755);
    const run = { program, args: [], box, dir, limitMs, budget, signal };
    const { stdout, stderr } = await runChild(run);
    return `${stdout}${stderr}`;
  };

// Unlike what the machine is too busy for, what its content makes slow is the caller's fault.
const budgetOf = (cpuSeconds: number): Budget => ({ cpuSeconds, sentence: 'It takes too long.' });
const budgetUsedUp = { name: 'MediaError', message: 'It takes too long.' };

/** The kernel counts the seconds, and sends SIGXCPU at the lower limit: to use them up would only take time. */
async function assertHasBudget(t: TestContext, takenOver: ReturnType<typeof takenOverIn>) {
  const run = async (lines: string) => takenOver(await folder(t), lines, 60_000, budgetOf(7));
  const [lower, upper] = (await run('ulimit -St; ulimit -Ht')).split('\n').map(Number);
  assert.equal(lower, 7);
  assert.ok((upper ?? 0) > 7, `${upper}`);
  await assert.rejects(run('kill -XCPU $$'), budgetUsedUp);
}

for (const { name, box } of boxes) {
  const takenOver = takenOverIn(box);

  describe(`a decoder that is taken over (${name}: ${box.level})`, () => {
    test('reads no file but its own, and has no secret in its environment', async (t) => {
      const [dir, others] = [await folder(t), await folder(t)];
      const secret = await file(others, 'secret', 'another job\n');
      process.env.TOP_SECRET = 'in our environment';
      t.after(() => delete process.env.TOP_SECRET);
      await file(dir, 'own', 'mine\n');
      assert.match(await takenOver(dir, `read line < ${dir}/own; echo "$line"`), /^mine$/m);
      assert.doesNotMatch(await takenOver(dir, 'set'), /in our environment/);
      for (const path of [secret, '/etc/passwd', '/proc/$PPID/environ', '/root/.bashrc'])
        assert.match(await takenOver(dir, `read line < ${path}; echo "$line"`), refused, path);
    });

    test('writes nowhere else, not even into memory', async (t) => {
      const [dir, others] = [await folder(t), await folder(t)];
      const lines = [`${others}/new`, '/tmp/new', '/new', '/dev/shm/new', 'new'].map(
        (path) => `echo 1 > ${path}`,
      );
      const said = await takenOver(dir, lines.join('\n'));
      assert.equal(said.trim().split('\n').length, 4, said);
      for (const line of said.trim().split('\n')) assert.match(line, refused);
      assert.deepEqual(await readdir(others), []);
      assert.ok((await readdir(dir)).includes('new'));
    });

    test('reaches neither PostgreSQL nor any other server', async (t) => {
      const { ports, visits } = await servers(t);
      for (const port of ports)
        assert.match(
          await takenOver(await folder(t), `exec 3<>/dev/tcp/127.0.0.1/${port}; echo $?`),
          refused,
        );
      assert.equal(visits(), 0);
    });

    test('signals nobody, starts nothing, and takes no more memory than it may', async (t) => {
      const dir = await folder(t);
      assert.match(await takenOver(dir, `kill -9 ${process.pid}`), /not permitted|No such process/);
      const bomb = `for i in {1..1000}; do (echo started; while :; do read < ${dir}/none; done 2> /dev/null) & done`;
      const said = await takenOver(dir, bomb);
      assert.match(said, refused);
      assert.doesNotMatch(said, /started/);
      await until('nothing of it runs', async () => processesOf(dir).length === 0);
      // In KiB. The kernel enforces it, so filling so much memory would only take time.
      assert.ok(Number(await takenOver(dir, 'ulimit -Hv')) <= 4 * 1024 * 1024);
      assert.ok(Number(await takenOver(dir, 'ulimit -Hu')) <= Number(mostThreads()));
    });

    test('makes no system call that reaches further', async (t) => {
      const [dir, others] = [await folder(t), await folder(t)];
      const theirs = await file(others, 'file', 'another job\n');
      const program = await file(dir, 'attacks', await compiledAttacks());
      await chmod(program, 0o755);
      const run = { program, args: [`${process.pid}`, theirs], box, dir, limitMs: 60_000, signal };
      const { code, stdout } = await runChild(run);
      assert.deepEqual([code, stdout.toString()], [0, '']);
      assert.equal(await readFile(theirs, 'utf8'), 'another job\n');
      assert.deepEqual((await readdir(dir)).sort(), ['attacks']);
    });

    test('does not run for ever', async (t) => {
      const stuck = takenOver(await folder(t), 'kill -STOP $$', 500);
      await assert.rejects(stuck, { name: 'RenderError', message: /took too long/ });
      await assertHasBudget(t, takenOver);
    });

    test('that is killed is not taken for one that found a fault, by whatever path it was started', async (t) => {
      const dir = await folder(t);
      await assert.rejects(takenOver(dir, 'kill -9 $$'), {
        name: 'RenderError',
        detail: /SIGKILL/,
      });
      // Its folder is a link on many systems.
      const run = {
        program: '/bin/sh',
        args: ['-c', 'echo here'],
        box,
        dir,
        limitMs: 60_000,
        signal,
      };
      assert.equal((await runChild(run)).stdout.toString(), 'here\n');
    });

    test('of pictures, with all of Node.js, finds nothing either', async (t) => {
      const [dir, others] = [await folder(t), await folder(t)];
      const secret = await file(others, 'secret', 'another job\n');
      const { ports, visits } = await servers(t);
      const attempts = {
        read: `fs.readFileSync('${secret}')`,
        passwd: `fs.readFileSync('/etc/passwd')`,
        parent: `fs.readFileSync('/proc/' + process.ppid + '/environ')`,
        write: `fs.writeFileSync('${others}/new', '')`,
        elsewhere: `fs.writeFileSync('/tmp/new', '')`,
        kill: `process.kill(${process.pid}, 'SIGKILL')`,
        settings: `if (!Object.keys(process.env).some((name) => /URL|KEY|HOME|SECRET/.test(name))) throw 0`,
        memory: 'new ArrayBuffer(8e9)',
        start: `for (let i = 0; i < 100; i++) if (child.spawnSync('/bin/true').status === 0) return`,
      };
      const tries = Object.entries(attempts).map(
        ([name, code]) =>
          `try { (() => { ${code}; ${name === 'start' ? 'throw 0' : ''} })(); console.log('${name}'); } catch {}`,
      );
      const script = `const fs = require('fs'), child = require('child_process');
        ${tries.join('\n')}
        for (const port of [${ports}]) require('net').connect(port, '127.0.0.1')
          .on('connect', () => console.log('connected')).on('error', () => {});`;
      const { program, readable } = await ownProgram('picture/compose_program');
      const run = { program, readable, box, dir, signal };
      const { stdout, stderr } = await runChild({ ...run, args: ['-e', script], limitMs: 60_000 });
      assert.deepEqual([stdout.toString(), stderr], ['', '']);
      assert.equal(visits(), 0);
      const endless = runChild({
        ...run,
        args: ['-e', 'setInterval(() => {}, 1e6)'],
        limitMs: 500,
      });
      await assert.rejects(endless, { name: 'RenderError', message: /took too long/ });
    });

    // All other tests render in the first of these boxes.
    if (box.level === 'bubblewrap')
      test('an honest job is made in it', async (t) => {
        const dir = await folder(t);
        const imagePath = await plainPicture(dir);
        const audioPath = await file(dir, 'a.wav', silentWav(1));
        const made = await render(t, { imagePath, audioPath, audioType: 'audio/wav', box });
        assert.ok(made.audioSeconds > 0.9);
      });
  });
}

describe('without a box', () => {
  for (const box of [limited('limits only', ''), noBox])
    test(`there are still limits (${box.level})`, async (t) => {
      const takenOver = takenOverIn(box);
      const said = await takenOver(await folder(t), 'ulimit -Hc; ulimit -Hn; ulimit -Hv');
      assert.equal(said, `0\n256\n${4 * 1024 * 1024}\n`);
      assert.match(await takenOver(await folder(t), 'ulimit -Hf; ulimit -Hu'), /^\d+\n\d+\n$/);
      await assertHasBudget(t, takenOver);
    });
});

test('a decoder that uses its budget up is stopped', async (t) => {
  const box = boxes[0]?.box;
  assert.ok(box);
  const busy = takenOverIn(box)(await folder(t), 'while :; do :; done', 120_000, budgetOf(1));
  await assert.rejects(busy, budgetUsedUp);
});

describe('a job whose decoder is taken over', () => {
  test('its job ends, and the next one is made', async (t) => {
    const dir = await folder(t);
    const imagePath = await plainPicture(dir);
    const audioPath = await file(dir, 'a.wav', silentWav(1));
    const job = { imagePath, audioPath, audioType: 'audio/wav' as const };
    const evil = await file(dir, 'ffmpeg', '#!/bin/bash\nkill -9 $PPID; kill -9 -1; exit 1\n');
    await chmod(evil, 0o755);
    await assert.rejects(render(t, { ...job, ffmpegPath: evil }));
    assert.ok((await render(t, job)).audioSeconds > 0.9);
  });
});

test('a program of ours is compiled again when one of its sources has changed', async (t) => {
  const root = await folder(t);
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  const said = async () => {
    const compiled = await compiledProgram(root, 'worker/media/say.ts');
    return compiled && execFileSync(process.execPath, [compiled.path], { encoding: 'utf8' });
  };
  await write('node_modules/.package-lock.json', '{}');
  await write('worker/media/say.ts', `import { word } from './word.ts'; console.log(word);`);
  await write('worker/media/word.ts', `export const word: string = 'first';`);
  assert.equal(await said(), 'first\n');
  const { mtimeMs } = await stat(join(root, 'node_modules/.vidgen/say.cjs'));
  assert.equal(await said(), 'first\n');
  assert.equal((await stat(join(root, 'node_modules/.vidgen/say.cjs'))).mtimeMs, mtimeMs);
  await write('worker/media/word.ts', `export const word: string = 'second';`);
  assert.equal(await said(), 'second\n');
  await write('worker/media/word.ts', 'export const');
  assert.equal(await said(), undefined);
  // A job needs several at once.
  const modules = ['one', 'two', 'three'].map((name) => `worker/media/${name}.ts`);
  for (const module of modules) await write(module, 'console.log(1)');
  const all = await Promise.all(modules.map((module) => compiledProgram(root, module)));
  assert.ok(all.every((compiled) => compiled));
});

test('without the helper the box is a weaker one, and a required one is refused', async () => {
  const none = { helper: undefined, bubblewrap: undefined };
  assert.equal((await openBox('auto', none)).level, 'limits only');
  assert.equal((await openBox('off')).level, 'off');
  await assert.rejects(openBox('required', none), (error) => {
    assert.ok(error instanceof OperatorError);
    assert.match(error.message, /C compiler.*bubblewrap/);
    return true;
  });
});
