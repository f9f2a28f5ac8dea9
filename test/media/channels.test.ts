import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import type { AudioType } from '../../src/media_type.ts';
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

const tone = (amplitude: number, hz = 440) => `${amplitude}*sin(2*PI*${hz}*t)`;
const expressions = {
  mono: `aevalsrc='${tone(0.25)}':s=48000:d=1`,
  right: `aevalsrc='0|${tone(0.5, 1320)}':s=48000:d=1`,
  middle: `aevalsrc='0|0|${tone(0.5)}|0|0|0':c=5.1:s=48000:d=1`,
  full: `aevalsrc='${tone(0.9)}|0|${tone(0.9)}|0|${tone(0.9)}|0':c=5.1:s=48000:d=0.8`,
};
/** Silent but for a tone on the last. */
const lastOf = (channels: number) =>
  wav({ channels, rate }, 0.8 * rate, (i, channel) =>
    channel === channels - 1 ? sine(0.28, i) : 0,
  );
// ffmpeg would guess names for 24 channels, and has none for 32.
const encodedCounts = [2, 24, 32];
const filteredCounts = [1, 3, 4, 6, 8, 9, 16];

describe('sound of any number of channels', () => {
  const cleanup = suiteCleanup();
  const made: Record<string, Awaited<ReturnType<typeof encodeSound>>> = {};
  /** What is heard of it, by the name of the file: all of it is decoded at once. */
  let heard: Record<string, Float32Array>;

  before(async () => {
    const dir = await folder(cleanup);
    const mp3 = ['-write_xing', '0', '-id3v2_version', '0', '-b:a', '128k'];
    const vorbis = ['-c:a', 'libvorbis', '-q:a', '6'];
    const { mono, right, middle, full } = expressions;
    await synthesizeAll(dir, {
      ...{ 'mono.mp3': [mono, ...mp3], 'right.mp3': [right, ...mp3] },
      ...{ 'mono.ogg': [mono, ...vorbis], 'right.ogg': [right, ...vorbis] },
      ...{ 'middle.ogg': [middle, ...vorbis], 'mono.m4a': [mono], 'right.m4a': [right] },
      // Vorbis has its channels in another order.
      'full.ogg': [full, ...vorbis],
    });
    await joinInto(dir, 'joined.mp3', 'mono.mp3', 'right.mp3');
    await joinInto(dir, 'joined.ogg', 'mono.ogg', 'middle.ogg', 'right.ogg');
    await joinM4as(dir, {
      'joined.m4a': ['mono.m4a', 'right.m4a'],
      'says-stereo.m4a': ['right.m4a', 'mono.m4a'],
    });
    for (const channels of [...encodedCounts, ...filteredCounts])
      await file(dir, `${channels}.wav`, lastOf(channels));
    await file(dir, '5.1.wav', surroundSound());
    await file(dir, 'numbers.wav', withoutNumbers());

    const rates = { monoBitRate: 64_000, stereoBitRate: 256_000 };
    for (const [name, type, options] of [
      ...encodedCounts.map((channels) => [`${channels}.wav`, 'audio/wav'] as const),
      ['5.1.wav', 'audio/wav'],
      ['full.ogg', 'audio/ogg'],
      ['joined.mp3', 'audio/mpeg', rates],
      ['joined.m4a', 'audio/mp4', rates],
      ['joined.ogg', 'audio/ogg'],
      ['says-stereo.m4a', 'audio/mp4', { mayCopy: true }],
      ['numbers.wav', 'audio/wav'],
    ] as [name: string, type: AudioType, options?: object][])
      made[name] = await encodeSound(cleanup, join(dir, name), type, options);
    const wanted: Record<string, Wanted<Float32Array>> = {};
    for (const [name, { path }] of Object.entries(made)) wanted[name] = soundOf(path);
    for (const channels of filteredCounts) {
      const filters = toStereo({ channels, named: false, codec: 'pcm_s16le' });
      const path = join(dir, `${channels}.wav`);
      wanted[`${channels}.wav`] = soundOf(
        path,
        ['-af', filters.join()],
        ['-guess_layout_max', '0'],
      );
    }
    const decoded = await decode(...Object.values(wanted));
    heard = Object.fromEntries(
      Object.keys(wanted).map((name, i) => [name, decoded[i] as Float32Array]),
    );
  });
  const heardOf = (name: string) => heard[name] as Float32Array;

  test('the last of any number of channels without names is heard', () => {
    for (const channels of [...encodedCounts, ...filteredCounts]) {
      const [left, right] = sidesOf(heardOf(`${channels}.wav`), 0.3, 0.7);
      const loudest = Math.max(left, right);
      isNear(loudest, level(0.28) - (channels <= 2 ? 0 : 3), `the last of ${channels}`);
      const onBoth = ![2, 4, 6, 8].includes(channels);
      assert.equal(Math.abs(left - right) < 1, onBoth, `${channels}: ${left} and ${right}`);
    }
  });

  test('speech in the middle of 5.1 is as loud as in any player, a named subwoofer is left out', () => {
    for (const side of sidesOf(heardOf('5.1.wav'), 0.2, 0.5))
      isNear(side, level(0.5) - 3, 'half its power on either side');
    for (const side of sidesOf(heardOf('5.1.wav'), 0.8, 1.1)) assert.ok(side < -60, `${side} dB`);
  });

  test('a full mix is heard on its sides, as loud as can be, and does not clip', () => {
    // A tone that begins at full strength makes any encoder overshoot for a moment.
    const steady = heardOf('full.ogg').subarray(2 * 0.1 * rate);
    assert.ok(steady.every((sample) => Math.abs(sample) < 1));
    const [onLeft, onRight] = sidesOf(heardOf('full.ogg'), 0.2, 0.7);
    isNear(onLeft, -3.4, 'left');
    // The left side has all three, the right only the middle.
    isNear(onLeft - onRight, 20 * Math.log10(2 + Math.SQRT2), 'the difference');
  });

  for (const name of ['joined.mp3', 'joined.m4a'])
    test(`mono, then stereo: ${name}`, () => {
      for (const side of sidesOf(heardOf(name), 0.3, 0.8)) isNear(side, level(0.25), 'mono');
      const [left, right] = sidesOf(heardOf(name), 1.4, 1.9);
      isNear(right, level(0.5), 'right');
      assert.ok(left < -50, 'nothing on the left');
      const bytes = made[name]?.audio.sizes.reduce((sum, size) => sum + size, 0) ?? 0;
      assert.ok(bytes > 20_000, `${bytes} bytes are those of mono`);
    });

  test('mono, then 5.1, then stereo: the middle is as loud as in 5.1 alone', () => {
    const stereo = heardOf('joined.ogg');
    for (const side of sidesOf(stereo, 0.3, 0.8)) isNear(side, level(0.25), 'mono');
    for (const side of sidesOf(stereo, 1.4, 1.9)) isNear(side, level(0.5) - 3, 'middle');
    isNear(sidesOf(stereo, 2.4, 2.9)[1], level(0.5), 'right');
  });

  test('packets that say stereo and hold mono are not copied', () => {
    assert.equal(made['says-stereo.m4a']?.copied, false);
    isNear(sidesOf(heardOf('says-stereo.m4a'), 1.4, 1.9)[0], level(0.25), 'mono');
  });

  test('samples that are not numbers are silence, and that is said', () => {
    isNear(sidesOf(heardOf('numbers.wav'), 0.1, 0.9)[0], level(0.28), 'the rest');
    const warnings = made['numbers.wav']?.warnings.join() ?? '';
    assert.match(warnings, /2 samples of the audio file are not numbers/);
  });
});

/** Concatenated as they are. */
async function joinInto(dir: string, name: string, ...names: string[]): Promise<void> {
  const parts = await Promise.all(names.map((one) => readFile(join(dir, one))));
  await file(dir, name, Buffer.concat(parts));
}

/** Packets copied under the header of the first. */
async function joinM4as(dir: string, files: Record<string, string[]>): Promise<void> {
  const inputs: string[] = [];
  for (const [name, names] of Object.entries(files)) {
    const list = await file(dir, `${name}.txt`, names.map((one) => `file ${one}\n`).join(''));
    inputs.push('-f', 'concat', '-i', list);
  }
  await ffmpeg(
    ...inputs,
    ...Object.keys(files).flatMap((name, i) => ['-map', `${i}`, '-c', 'copy', join(dir, name)]),
  );
}

/** The middle, then the subwoofer. */
function surroundSound(): Buffer {
  const [middle, subwoofer] = [2, 3];
  return wav({ ...surround, rate }, 1.2 * rate, (i, channel) =>
    channel === (i < 0.6 * rate ? middle : subwoofer) ? sine(0.5, i) : 0,
  );
}

function withoutNumbers(): Buffer {
  const bytes = wav({ rate, samples: 'float' }, rate, (i) => sine(0.28, i));
  for (const [i, value] of [Number.NaN, Number.POSITIVE_INFINITY, 1e30].entries())
    bytes.writeFloatLE(value, bytes.length - 4 * (24_000 + 100 * i));
  return bytes;
}
