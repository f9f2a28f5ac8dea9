import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { OperatorError } from '../../src/operator_error.ts';
import { openBox } from '../../worker/media/box/box.ts';
import { compiledProgram } from '../../worker/media/box/compiled_program.ts';
import { ownProgram } from '../../worker/media/box/own_program.ts';
import { runChild } from '../../worker/media/ffmpeg/child.ts';
import { box, file, folder, plainPicture, render, synthesize } from '../support/media.ts';

const signal = new AbortController().signal;

/** Runs lines of bash in ffmpeg's place; resolves with what they print. */
async function takenOver(dir: string, lines: string, limitMs = 30_000): Promise<string> {
  const program = await file(dir, 'ffmpeg', `#!/bin/bash\n${lines}\n`);
  await chmod(program, 0o755);
  const run = { program, args: [], box, dir, limitMs, signal };
  const { stdout, stderr } = await runChild(run);
  return `${stdout}${stderr}`;
}

/** Whether bash reports that the kernel refused. */
const refused = /Permission denied|Operation not permitted|fork: |cannot fork|No such file/;

describe(`a decoder that is taken over (${box.level})`, () => {
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

  test('writes nowhere else', async (t) => {
    const [dir, others] = [await folder(t), await folder(t)];
    const said = await takenOver(dir, `echo 1 > ${others}/new; echo 2 > /tmp/new; echo 3 > new`);
    assert.match(said, refused);
    assert.deepEqual(await readdir(others), []);
    assert.ok((await readdir(dir)).includes('new'));
  });

  test('reaches no server', async (t) => {
    let visits = 0;
    const server = createServer().on('connection', () => visits++);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    t.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    const said = await takenOver(await folder(t), `exec 3<>/dev/tcp/127.0.0.1/${port}`);
    assert.match(said, refused);
    assert.equal(visits, 0);
  });

  test('signals nobody, starts nothing, and takes no more memory than it may', async (t) => {
    const dir = await folder(t);
    assert.match(await takenOver(dir, `kill -9 ${process.pid}`), /not permitted|No such process/);
    assert.match(await takenOver(dir, '(echo child) & wait'), refused);
    // In KiB. The kernel keeps to it: filling so much memory would only take time.
    assert.ok(Number(await takenOver(dir, 'ulimit -Hv')) <= 4 * 1024 * 1024);
  });

  test('does not run for ever', async (t) => {
    const endless = takenOver(await folder(t), 'while :; do :; done', 500);
    await assert.rejects(endless, { name: 'RenderError', message: /took too long/ });
  });

  test('its job ends, and the next one is made', async (t) => {
    const dir = await folder(t);
    const imagePath = await plainPicture(dir);
    const audioPath = await synthesize(dir, 'a.wav', 'sine=d=1');
    const job = { imagePath, audioPath, audioType: 'audio/wav' as const };
    const evil = await file(dir, 'ffmpeg', '#!/bin/bash\nkill -9 $PPID; kill -9 -1; exit 1\n');
    await chmod(evil, 0o755);
    await assert.rejects(render(t, { ...job, ffmpegPath: evil }));
    assert.ok((await render(t, job)).audioSeconds > 0.9);
  });
});

test('a decoder of pictures that is taken over, with all of Node.js, finds nothing either', async (t) => {
  const [dir, others] = [await folder(t), await folder(t)];
  const secret = await file(others, 'secret', 'another job\n');
  const attempts = {
    read: `fs.readFileSync('${secret}')`,
    passwd: `fs.readFileSync('/etc/passwd')`,
    parent: `fs.readFileSync('/proc/' + process.ppid + '/environ')`,
    write: `fs.writeFileSync('${others}/new', '')`,
    start: `if (child.spawnSync('/bin/true').status !== 0) throw new Error('refused')`,
    kill: `process.kill(${process.pid}, 'SIGKILL')`,
    settings: `if (Object.keys(process.env).length > 3) ok; else throw new Error('none')`,
  };
  const tries = Object.entries(attempts).map(
    ([name, code]) => `try { ${code}; console.log('${name}'); } catch {}`,
  );
  const script = `const fs = require('fs'), child = require('child_process');
    ${tries.join('\n')}
    require('net').connect(80, '127.0.0.1').on('error', ({ code }) => console.log(code));`;
  const { program, readable } = await ownProgram('picture/compose_program');
  const args = ['-e', script];
  const run = { program, args, readable, box, dir, limitMs: 30_000, signal };
  const { stdout, stderr } = await runChild(run);
  assert.deepEqual([stdout.toString(), stderr], ['EPERM\n', '']);
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
