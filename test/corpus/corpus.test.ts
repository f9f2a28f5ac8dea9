import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ffmpeg, file, folder, plainPicture, render, synthesize } from '../support/media.ts';
import { runCorpus, tableOf } from './corpus.ts';
import { judgePicture, judgeSound } from './judge.ts';

const melody = "aevalsrc='0.3*sin(2*PI*(300+200*floor(mod(t*4,5)))*t)':s=44100:d=1.5";

test('a corpus: what is right, refused and not taken, by cause', async (t) => {
  const dir = await folder(t);
  const corpus = join(dir, 'corpus');
  await mkdir(join(corpus, 'sounds'), { recursive: true });
  await plainPicture(corpus);
  const whole = await synthesize(join(corpus, 'sounds'), 'a.wav', melody);
  await synthesize(join(corpus, 'sounds'), 'b.ogg', melody, '-c:a', 'libvorbis');
  await file(corpus, 'c.wav', (await readFile(whole)).subarray(0, 60_000));
  await file(corpus, 'notes.txt', 'nothing to see or hear');
  const verdicts = await runCorpus(corpus);
  assert.deepEqual(
    verdicts.map(({ file, outcome }) => `${file} ${outcome}`),
    [
      'c.wav refused',
      'notes.txt not taken',
      'plain.png right',
      'sounds/a.wav right',
      'sounds/b.ogg right',
    ],
  );
  const table = tableOf(verdicts);
  assert.match(table, /\| refused \| .*incomplete: N of N seconds.* \| 1 \| c\.wav \|/);
  assert.match(
    table,
    /\| right \| as it should be \| 3 \| plain\.png, sounds\/a\.wav, sounds\/b\.ogg \|/,
  );
});

test('the judge finds what is wrong', async (t) => {
  const dir = await folder(t);
  const path = await synthesize(dir, 'a.wav', melody);
  const imagePath = await plainPicture(dir);
  const { videoPath, width, height } = await render(t, {
    ...{ imagePath, audioPath: path, audioType: 'audio/wav' },
  });
  assert.equal(await judgeSound(path, videoPath), undefined);
  const changed = async (...args: string[]) => {
    await ffmpeg('-i', path, ...args, join(dir, 'changed.wav'));
    return judgeSound(join(dir, 'changed.wav'), videoPath);
  };
  assert.equal(await changed('-t', '1'), 'sound too long');
  assert.equal(await changed('-af', 'volume=2dB'), 'sound too quiet');
  assert.equal(await changed('-af', 'areverse'), 'another sound');
  assert.equal(await judgePicture(imagePath, { width, height }), undefined);
  assert.equal(await judgePicture(imagePath, { width, height: height + 60 }), 'another shape');
  assert.equal(
    await judgeSound(await file(dir, 'text.wav', 'no sound'), videoPath),
    'the judge cannot decode the file',
  );
});
