import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ffmpeg, file, folder, plainPicture, render } from '../support/media.ts';
import { wav } from '../support/wav.ts';
import { runCorpus, tableOf } from './corpus.ts';
import { judgePicture, judgeSound } from './judge.ts';

const melody = wav({}, 1.5 * 44_100, (i) => {
  const t = i / 44_100;
  return 0.3 * Math.sin(2 * Math.PI * (300 + 200 * Math.floor((t * 4) % 5)) * t);
});

test('a corpus: what is right, refused and not taken, by cause', async (t) => {
  const dir = await folder(t);
  const corpus = join(dir, 'corpus');
  await mkdir(join(corpus, 'sounds'), { recursive: true });
  await plainPicture(corpus);
  const whole = await file(join(corpus, 'sounds'), 'a.wav', melody);
  await ffmpeg('-i', whole, '-c:a', 'libvorbis', join(corpus, 'sounds', 'b.ogg'));
  await file(corpus, 'c.wav', melody.subarray(0, 60_000));
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
  const path = await file(dir, 'a.wav', melody);
  const imagePath = await plainPicture(dir);
  const { videoPath, width, height } = await render(t, {
    ...{ imagePath, audioPath: path, audioType: 'audio/wav' },
  });
  assert.equal(await judgeSound(path, videoPath), undefined);
  const changed = {
    'sound too long': ['-t', '1'],
    'sound too quiet': ['-af', 'volume=2dB'],
    'another sound': ['-af', 'areverse'],
  };
  const at = (verdict: string) => join(dir, `${verdict}.wav`);
  const outputs = Object.entries(changed).map(([verdict, args]) => [...args, at(verdict)]);
  await ffmpeg('-i', path, ...outputs.flat());
  for (const verdict of Object.keys(changed))
    assert.equal(await judgeSound(at(verdict), videoPath), verdict);
  assert.equal(await judgePicture(imagePath, { width, height }), undefined);
  assert.equal(await judgePicture(imagePath, { width, height: height + 60 }), 'another shape');
  assert.equal(
    await judgeSound(await file(dir, 'text.wav', 'no sound'), videoPath),
    'the judge cannot decode the file',
  );
});
