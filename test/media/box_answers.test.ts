import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import type { Box } from '../../worker/media/box/box.ts';
import { readInBox } from '../../worker/media/mp4/read_in_box.ts';
import { plainCanvas } from '../../worker/media/picture/canvas.ts';
import { drawInBox } from '../../worker/media/picture/captions/draw_in_box.ts';
import { composeInBox } from '../../worker/media/picture/compose_in_box.ts';
import { file, folder } from '../support/media.ts';

const { signal } = new AbortController();

/** A box whose program has been taken over: these lines run in its place, with what it was asked in `request`. */
const takenOver = (lines: string): Box => ({
  level: 'off',
  reason: '',
  wrap: (_, args) => {
    const script = `const fs = require('fs');
      const asked = process.argv.at(-1);
      const request = JSON.parse(asked[0] === '{' ? asked : fs.readFileSync(asked, 'utf8'));
      const answer = (said) => process.stdout.write(JSON.stringify(said));
      ${lines}`;
    return { program: process.execPath, args: ['-e', script, '--', args.at(-1) ?? ''] };
  },
});

const fault = { name: 'RenderError' };

describe('what a program that is taken over answers', () => {
  const index = async (dir: string, audio: object, tables = 'Buffer.alloc(24)') => {
    const box = takenOver(`
      fs.writeFileSync(request.tablesPath, ${tables});
      answer({ audio: ${JSON.stringify({ config: '1210', packets: 2, priming: 0, samples: 2048, ...audio })} });`);
    return readInBox({ box, dir, signal }, `${dir}/audio`);
  };

  test('of an index: the sound is read from the file that was given, and no other', async (t) => {
    const dir = await folder(t);
    const { audio } = await index(dir, { files: [{ path: '/etc/passwd', from: 0 }] });
    assert.deepEqual(audio?.files, [{ path: `${dir}/audio`, from: 0 }]);
    assert.equal(audio?.sampleRate, 44_100);
  });

  test('of an index: impossible numbers, and tables of another length, are refused', async (t) => {
    const dir = await folder(t);
    for (const wrong of [
      { packets: 1e9 },
      { packets: -1 },
      { packets: 'many' },
      { samples: 1e15 },
      { priming: -1 },
      { config: '00' },
    ])
      await assert.rejects(index(dir, wrong), fault, JSON.stringify(wrong));
    await assert.rejects(index(dir, {}, 'Buffer.alloc(1_000_000)'), fault);
  });

  test('of a picture: pixels of another size, and a link in their place, are refused', async (t) => {
    const dir = await folder(t);
    const secret = randomBytes(3 * 4 * 4);
    const secretPath = await file(dir, 'secret', secret);
    const source = { width: 4, height: 4, transparent: false };
    const compose = (lines: string) =>
      composeInBox(
        { box: takenOver(lines), dir, signal },
        `${dir}/image`,
        'image/png',
        plainCanvas,
      );
    const written = `fs.writeFileSync(request.rgbPath, Buffer.alloc(48));`;
    const honest = await compose(`${written} answer({ source: ${JSON.stringify(source)} })`);
    assert.deepEqual([honest.width, honest.rgb.length], [4, 48]);
    for (const wrong of [{ width: 400 }, { width: 0 }, { height: 1.5 }, { width: '4' }]) {
      const said = JSON.stringify({ source: { ...source, ...wrong } });
      await assert.rejects(compose(`${written} answer(${said})`), fault, said);
    }
    const linked = `fs.rmSync(request.rgbPath, { force: true }); fs.symlinkSync('${secretPath}', request.rgbPath);`;
    await assert.rejects(compose(`${linked} answer({ source: ${JSON.stringify(source)} })`));
    assert.deepEqual(await readFile(secretPath), secret);
  });

  test('of a picture: a refusal is no longer than a sentence', async (t) => {
    const box = takenOver(`answer({ refusal: 'a'.repeat(1e6) })`);
    const composed = composeInBox(
      { box, dir: await folder(t), signal },
      'image',
      'image/png',
      plainCanvas,
    );
    await assert.rejects(composed, (error: Error) => {
      assert.deepEqual([error.name, error.message.length], ['MediaError', 500]);
      return true;
    });
  });

  test('of captions: pixels outside the picture, or more than there are, are refused unread', async (t) => {
    const dir = await folder(t);
    const canvas = { width: 64, height: 64 };
    const cues = [{ fromMs: 0, toMs: 1_000, lines: [[{ text: 'A' }]] }];
    const overlay = { left: 0, top: 0, width: 8, height: 8, offset: 0, bytes: 40 };
    for (const wrong of [{ width: 1e5 }, { left: -2 }, { bytes: 3e9 }, { bytes: 'all' }]) {
      const said = JSON.stringify([[{ ...overlay, ...wrong }]]);
      const box = takenOver(`fs.writeFileSync(request.path, Buffer.alloc(64)); answer(${said});`);
      const draw = await drawInBox({ box, dir, signal, threads: 1 }, [cues], canvas);
      await assert.rejects(draw(0), fault, said);
    }
  });
});
