import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { file, folder, synthesize } from '../support/media.ts';
import { encodeSound, levelOf, wav } from '../support/sound.ts';

const RATE = 48_000;
const TONE = (i: number) => 0.28 * Math.sin((2 * Math.PI * 440 * i) / 16_000);
/** Of that tone, in dB. */
const LEVEL = 20 * Math.log10(0.28 / Math.SQRT2);
const isNear = (is: number, should: number, what: string) =>
  assert.ok(Math.abs(is - should) < 0.5, `${what}: ${is} dB, not ${should}`);

describe('every channel is heard', { concurrency: 2 }, () => {
  for (const channels of [1, 2, 3, 4, 6, 9, 16, 24, 32]) {
    test(`the last of ${channels} channels without names`, async (t) => {
      const bytes = wav({ channels, rate: 16_000 }, 16_000, (i, channel) =>
        channel === channels - 1 ? TONE(i) : 0,
      );
      const path = await file(await folder(t), 'a.wav', bytes);
      const { stereo } = await encodeSound(t, path, 'audio/wav');
      const [left, right] = [0, 1].map((side) => levelOf(stereo, side as 0 | 1, RATE, 0.3, 0.9));
      const loudest = Math.max(left ?? 0, right ?? 0);
      isNear(loudest, channels <= 2 ? LEVEL : LEVEL - 3, 'its level');
      const onBoth = [1, 3, 9, 16, 24, 32].includes(channels);
      assert.equal(Math.abs((left ?? 0) - (right ?? 0)) < 1, onBoth, `${left} and ${right}`);
    });
  }

  test('speech in the middle of 5.1 is as loud as in any player, and a full mix does not clip', async (t) => {
    const dir = await folder(t);
    const speech = '0.5*sin(880*PI*t)';
    const path = await synthesize(dir, 'a.wav', `aevalsrc='0|0|${speech}|0|0|0':c=5.1:s=48000:d=1`);
    const { stereo } = await encodeSound(t, path, 'audio/wav');
    for (const side of [0, 1] as const) {
      isNear(levelOf(stereo, side, RATE, 0.3, 0.9), 20 * Math.log10(0.25), 'half its power');
    }
    const all = Array(6).fill('0.98*sin(880*PI*t)').join('|');
    const full = await synthesize(dir, 'b.wav', `aevalsrc='${all}':c=5.1:s=48000:d=1`);
    const mixed = (await encodeSound(t, full, 'audio/wav')).stereo.subarray(0.1 * 2 * RATE);
    assert.ok(mixed.every((sample) => Math.abs(sample) < 1));
    isNear(levelOf(mixed, 0, RATE, 0.2, 0.8), -3.4, 'as loud as can be');
  });

  test('a subwoofer’s is left out where the file names it', async (t) => {
    const source = "aevalsrc='0|0|0|0.5*sin(880*PI*t)|0|0':c=5.1:s=48000:d=0.5";
    const path = await synthesize(await folder(t), 'a.wav', source);
    const { stereo } = await encodeSound(t, path, 'audio/wav');
    assert.ok(stereo.every((sample) => Math.abs(sample) < 0.001));
  });
});

describe('sound that begins in mono and goes on in stereo', { concurrency: 2 }, () => {
  for (const [name, type, codec] of [
    ['a.mp3', 'audio/mpeg', ['-write_xing', '0', '-id3v2_version', '0', '-b:a', '128k']],
    ['a.ogg', 'audio/ogg', ['-c:a', 'libvorbis', '-q:a', '6']],
  ] as const) {
    test(name, async (t) => {
      const dir = await folder(t);
      const mono = await synthesize(
        dir,
        `1${name}`,
        "aevalsrc='0.25*sin(880*PI*t)':s=48000:d=1",
        ...codec,
      );
      const right = "aevalsrc='0|0.5*sin(2640*PI*t)':s=48000:d=1";
      const stereo = await synthesize(dir, `2${name}`, right, ...codec);
      const parts = [await readFile(mono), await readFile(stereo)];
      const both = await file(dir, name, Buffer.concat(parts));
      const made = (await encodeSound(t, both, type)).stereo;
      const level = (side: 0 | 1, from: number) => levelOf(made, side, RATE, from, from + 0.5);
      for (const side of [0, 1] as const)
        isNear(level(side, 0.3), 20 * Math.log10(0.25) - 3, 'mono');
      isNear(level(1, 1.4), -9, 'right');
      assert.ok(level(0, 1.4) < -50, 'nothing on the left');
    });
  }
});

test('samples that are no numbers are silence, and that is said', async (t) => {
  const dir = await folder(t);
  const source = "aevalsrc='0.28*sin(880*PI*t)':s=48000:d=1";
  const path = await synthesize(dir, 'a.wav', source, '-c:a', 'pcm_f32le');
  const bytes = await readFile(path);
  for (const [i, value] of [Number.NaN, Number.POSITIVE_INFINITY, 1e30].entries()) {
    bytes.writeFloatLE(value, bytes.length - 4 * (24_000 + 100 * i));
  }
  const { stereo, warnings } = await encodeSound(t, await file(dir, 'b.wav', bytes), 'audio/wav');
  isNear(levelOf(stereo, 0, RATE, 0.1, 0.9), LEVEL, 'the rest');
  assert.match(warnings.join(), /2 samples of the audio file are no numbers/);
});
