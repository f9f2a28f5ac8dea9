import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { toStereo } from '../../worker/media/sound/to_stereo.ts';
import { suiteCleanup } from '../support/database.ts';
import { decode, soundOf, type Wanted } from '../support/decode.ts';
import { ffmpeg, file, folder, synthesizeAll } from '../support/media.ts';
import { encodeSound, levelOf } from '../support/sound.ts';
import { surround, wav } from '../support/wav.ts';

const rate = 48_000;
const sine = (amplitude: number, i: number) => amplitude * Math.sin((2 * Math.PI * 440 * i) / rate);
/** The level of such a tone, in dB. */
const level = (amplitude: number) => 20 * Math.log10(amplitude / Math.SQRT2);
const sidesOf = (stereo: Float32Array, from: number, to: number) =>
  ([0, 1] as const).map((side) => levelOf(stereo, side, rate, from, to)) as [number, number];
const isNear = (is: number, should: number, what: string) =>
  assert.ok(Math.abs(is - should) < 0.5, `${what}: ${is} dB, not ${should}`);

describe('every channel is heard', { concurrency: 2 }, () => {
  /** Silent but for a tone on the last. */
  const lastOf = (channels: number, seconds: number) =>
    wav({ channels, rate }, seconds * rate, (i, channel) =>
      channel === channels - 1 ? sine(0.28, i) : 0,
    );
  function assertLast(channels: number, [left, right]: [number, number]) {
    const loudest = Math.max(left, right);
    isNear(loudest, level(0.28) - (channels <= 2 ? 0 : 3), `the last of ${channels}`);
    const onBoth = ![2, 4, 6, 8].includes(channels);
    assert.equal(Math.abs(left - right) < 1, onBoth, `${channels}: ${left} and ${right}`);
  }

  test('the last of any number of channels without names', async (t) => {
    const dir = await folder(t);
    const wanted = new Map<number, Wanted<Float32Array>>();
    // ffmpeg would guess names for 24 channels, and has none for 32.
    for (const channels of [2, 24, 32]) {
      const path = await file(dir, `${channels}.wav`, lastOf(channels, 0.8));
      wanted.set(channels, soundOf((await encodeSound(t, path, 'audio/wav')).path));
    }
    for (const channels of [1, 3, 4, 6, 8, 9, 16]) {
      const path = await file(dir, `${channels}.wav`, lastOf(channels, 0.8));
      const filters = toStereo({ channels, named: false, codec: 'pcm_s16le' });
      wanted.set(channels, soundOf(path, ['-af', filters.join()], ['-guess_layout_max', '0']));
    }
    const made = await decode(...wanted.values());
    for (const [i, channels] of [...wanted.keys()].entries())
      assertLast(channels, sidesOf(made[i] as Float32Array, 0.3, 0.7));
  });

  test('speech in the middle of 5.1 is as loud as in any player, a named subwoofer is left out', async (t) => {
    const [middle, subwoofer] = [2, 3];
    const bytes = wav({ ...surround, rate }, 1.2 * rate, (i, channel) =>
      channel === (i < 0.6 * rate ? middle : subwoofer) ? sine(0.5, i) : 0,
    );
    const path = await file(await folder(t), 'a.wav', bytes);
    const [stereo] = await decode(soundOf((await encodeSound(t, path, 'audio/wav')).path));
    for (const side of sidesOf(stereo, 0.2, 0.5))
      isNear(side, level(0.5) - 3, 'half its power on either side');
    for (const side of sidesOf(stereo, 0.8, 1.1)) assert.ok(side < -60, `${side} dB`);
  });

  test('a full mix is heard on its sides, as loud as can be, and does not clip', async (t) => {
    const dir = await folder(t);
    const [left, middle, backLeft] = [0, 2, 4];
    const bytes = wav({ ...surround, rate }, 0.8 * rate, (i, channel) =>
      [left, middle, backLeft].includes(channel) ? sine(0.9, i) : 0,
    );
    const path = await file(dir, 'a.wav', bytes);
    // Vorbis has its channels in another order.
    await ffmpeg('-i', path, `${dir}/a.ogg`);
    const made = await encodeSound(t, `${dir}/a.ogg`, 'audio/ogg');
    const [stereo] = await decode(soundOf(made.path));
    // A tone that begins at full strength makes any encoder overshoot for a moment.
    const steady = stereo.subarray(2 * 0.1 * rate);
    assert.ok(steady.every((sample) => Math.abs(sample) < 1));
    const [onLeft, onRight] = sidesOf(stereo, 0.2, 0.7);
    isNear(onLeft, -3.4, 'left');
    // The left side has all three, the right only the middle.
    isNear(onLeft - onRight, 20 * Math.log10(2 + Math.SQRT2), 'the difference');
  });
});

describe('sound that changes its form on the way', { concurrency: 2 }, () => {
  const cleanup = suiteCleanup();
  let dir: string;
  before(async () => {
    dir = await folder(cleanup);
    const tone = (amplitude: number, hz: number) => `${amplitude}*sin(2*PI*${hz}*t)`;
    const mono = `aevalsrc='${tone(0.25, 440)}':s=48000:d=1`;
    const right = `aevalsrc='0|${tone(0.5, 1320)}':s=48000:d=1`;
    const middle = `aevalsrc='0|0|${tone(0.5, 440)}|0|0|0':c=5.1:s=48000:d=1`;
    const mp3 = ['-write_xing', '0', '-id3v2_version', '0', '-b:a', '128k'];
    const vorbis = ['-c:a', 'libvorbis', '-q:a', '6'];
    await synthesizeAll(dir, {
      ...{ 'mono.mp3': [mono, ...mp3], 'right.mp3': [right, ...mp3] },
      ...{ 'mono.ogg': [mono, ...vorbis], 'right.ogg': [right, ...vorbis] },
      ...{ 'middle.ogg': [middle, ...vorbis], 'mono.m4a': [mono], 'right.m4a': [right] },
    });
  });

  /** Files concatenated as they are; M4A joined by copying packets under the header of the first. */
  async function joined(...names: string[]): Promise<string> {
    const name = `joined-${names.join('-')}`;
    if (name.endsWith('.m4a')) {
      const list = await file(dir, `${name}.txt`, names.map((one) => `file ${one}\n`).join(''));
      await ffmpeg('-f', 'concat', '-i', list, '-c', 'copy', join(dir, name));
      return join(dir, name);
    }
    const parts = await Promise.all(names.map((one) => readFile(join(dir, one))));
    return file(dir, name, Buffer.concat(parts));
  }

  for (const [type, ending] of [
    ['audio/mpeg', 'mp3'],
    ['audio/mp4', 'm4a'],
  ] as const) {
    test(`mono, then stereo: ${ending}`, async (t) => {
      const path = await joined(`mono.${ending}`, `right.${ending}`);
      const rates = { monoBitRate: 64_000, stereoBitRate: 256_000 };
      const made = await encodeSound(t, path, type, rates);
      const [stereo] = await decode(soundOf(made.path));
      for (const side of sidesOf(stereo, 0.3, 0.8)) isNear(side, level(0.25), 'mono');
      const [left, right] = sidesOf(stereo, 1.4, 1.9);
      isNear(right, level(0.5), 'right');
      assert.ok(left < -50, 'nothing on the left');
      const bytes = made.audio.sizes.reduce((sum, size) => sum + size, 0);
      assert.ok(bytes > 20_000, `${bytes} bytes are those of mono`);
    });
  }

  test('mono, then 5.1, then stereo: the middle is as loud as in 5.1 alone', async (t) => {
    const path = await joined('mono.ogg', 'middle.ogg', 'right.ogg');
    const [stereo] = await decode(soundOf((await encodeSound(t, path, 'audio/ogg')).path));
    for (const side of sidesOf(stereo, 0.3, 0.8)) isNear(side, level(0.25), 'mono');
    for (const side of sidesOf(stereo, 1.4, 1.9)) isNear(side, level(0.5) - 3, 'middle');
    isNear(sidesOf(stereo, 2.4, 2.9)[1], level(0.5), 'right');
  });

  test('packets that say stereo and hold mono are not copied', async (t) => {
    const path = await joined('right.m4a', 'mono.m4a');
    const made = await encodeSound(t, path, 'audio/mp4', { mayCopy: true });
    assert.equal(made.copied, false);
    const [stereo] = await decode(soundOf(made.path));
    isNear(sidesOf(stereo, 1.4, 1.9)[0], level(0.25), 'mono');
  });
});

test('samples that are not numbers are silence, and that is said', async (t) => {
  const bytes = wav({ rate, samples: 'float' }, rate, (i) => sine(0.28, i));
  for (const [i, value] of [Number.NaN, Number.POSITIVE_INFINITY, 1e30].entries())
    bytes.writeFloatLE(value, bytes.length - 4 * (24_000 + 100 * i));
  const path = await file(await folder(t), 'a.wav', bytes);
  const made = await encodeSound(t, path, 'audio/wav');
  const [stereo] = await decode(soundOf(made.path));
  isNear(sidesOf(stereo, 0.1, 0.9)[0], level(0.28), 'the rest');
  assert.match(made.warnings.join(), /2 samples of the audio file are not numbers/);
});
