import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ffmpeg, file, folder, synthesize } from '../support/media.ts';
import { encodeSound, levelOf, wav } from '../support/sound.ts';

const rate = 48_000;
const tone = (i: number) => 0.28 * Math.sin((2 * Math.PI * 440 * i) / 16_000);
/** The level of that tone, in dB. */
const level = 20 * Math.log10(0.28 / Math.SQRT2);
const isNear = (is: number, should: number, what: string) =>
  assert.ok(Math.abs(is - should) < 0.5, `${what}: ${is} dB, not ${should}`);

describe('every channel is heard', { concurrency: 2 }, () => {
  for (const channels of [1, 2, 3, 4, 6, 9, 16, 24, 32]) {
    test(`the last of ${channels} channels without names`, async (t) => {
      const bytes = wav({ channels, rate: 16_000 }, 16_000, (i, channel) =>
        channel === channels - 1 ? tone(i) : 0,
      );
      const path = await file(await folder(t), 'a.wav', bytes);
      const { stereo } = await encodeSound(t, path, 'audio/wav');
      const [left, right] = [0, 1].map((side) => levelOf(stereo, side as 0 | 1, rate, 0.3, 0.9));
      const loudest = Math.max(left ?? 0, right ?? 0);
      isNear(loudest, channels <= 2 ? level : level - 3, 'its level');
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
      isNear(levelOf(stereo, side, rate, 0.3, 0.9), 20 * Math.log10(0.25), 'half its power');
    }
    const all = Array(6).fill('0.98*sin(880*PI*t)').join('|');
    const full = await synthesize(dir, 'b.wav', `aevalsrc='${all}':c=5.1:s=48000:d=1`);
    const mixed = (await encodeSound(t, full, 'audio/wav')).stereo.subarray(0.1 * 2 * rate);
    assert.ok(mixed.every((sample) => Math.abs(sample) < 1));
    isNear(levelOf(mixed, 0, rate, 0.2, 0.8), -3.4, 'as loud as can be');
  });

  test('a subwoofer’s is left out where the file names it', async (t) => {
    const source = "aevalsrc='0|0|0|0.5*sin(880*PI*t)|0|0':c=5.1:s=48000:d=0.5";
    const path = await synthesize(await folder(t), 'a.wav', source);
    const { stereo } = await encodeSound(t, path, 'audio/wav');
    assert.ok(stereo.every((sample) => Math.abs(sample) < 0.001));
  });
});

describe('sound that changes its form on the way', { concurrency: 2 }, () => {
  const tone = (level: number, hz: number) => `${level}*sin(2*PI*${hz}*t)`;
  const mono = `aevalsrc='${tone(0.25, 440)}':s=48000:d=1`;
  const right = `aevalsrc='0|${tone(0.5, 1320)}':s=48000:d=1`;
  const middle = `aevalsrc='0|0|${tone(0.5, 440)}|0|0|0':c=5.1:s=48000:d=1`;
  const mp3 = ['-write_xing', '0', '-id3v2_version', '0', '-b:a', '128k'];
  const vorbis = ['-c:a', 'libvorbis', '-q:a', '6'];
  const level = (stereo: Float32Array, side: 0 | 1, from: number) =>
    levelOf(stereo, side, rate, from, from + 0.5);
  const decibels = (amplitude: number) => 20 * Math.log10(amplitude) - 3;

  /** Files concatenated as they are; M4A joined by copying packets under one header. */
  async function joined(dir: string, name: string, codec: string[], sources: string[]) {
    const names = sources.map((_, i) => `${i}${name}`);
    for (const [i, source] of sources.entries())
      await synthesize(dir, names[i] ?? '', source, ...codec);
    const path = join(dir, name);
    if (name.endsWith('.m4a')) {
      const list = await file(dir, 'list', names.map((one) => `file ${one}\n`).join(''));
      await ffmpeg('-f', 'concat', '-i', list, '-c', 'copy', path);
      return path;
    }
    const parts = await Promise.all(names.map((one) => readFile(join(dir, one))));
    return file(dir, name, Buffer.concat(parts));
  }

  for (const [name, type, codec] of [
    ['a.mp3', 'audio/mpeg', mp3],
    ['a.ogg', 'audio/ogg', vorbis],
    ['a.m4a', 'audio/mp4', ['-c:a', 'aac']],
  ] as const) {
    test(`mono, then stereo: ${name}`, async (t) => {
      const path = await joined(await folder(t), name, [...codec], [mono, right]);
      const made = await encodeSound(t, path, type, {
        monoBitRate: 64_000,
        stereoBitRate: 256_000,
      });
      for (const side of [0, 1] as const)
        isNear(level(made.stereo, side, 0.3), decibels(0.25), 'mono');
      isNear(level(made.stereo, 1, 1.4), decibels(0.5), 'right');
      assert.ok(level(made.stereo, 0, 1.4) < -50, 'nothing on the left');
      const bytes = made.audio.sizes.reduce((sum, size) => sum + size, 0);
      assert.ok(bytes > 20_000, `${bytes} bytes are those of mono`);
    });
  }

  test('mono, then 5.1, then stereo: the middle is as loud as in 5.1 alone', async (t) => {
    const path = await joined(await folder(t), 'a.ogg', vorbis, [mono, middle, right]);
    const { stereo } = await encodeSound(t, path, 'audio/ogg');
    for (const side of [0, 1] as const) {
      isNear(level(stereo, side, 0.3), decibels(0.25), 'mono');
      isNear(level(stereo, side, 1.4), decibels(0.5) - 3, 'middle');
    }
    isNear(level(stereo, 1, 2.4), decibels(0.5), 'right');
  });

  test('packets that say stereo and hold mono are not copied', async (t) => {
    const path = await joined(await folder(t), 'a.m4a', ['-c:a', 'aac'], [right, mono]);
    const { copied, stereo } = await encodeSound(t, path, 'audio/mp4', {}, 1, true);
    assert.equal(copied, false);
    isNear(level(stereo, 0, 1.4), decibels(0.25), 'mono');
  });
});

test('samples that are not numbers are silence, and that is said', async (t) => {
  const dir = await folder(t);
  const source = "aevalsrc='0.28*sin(880*PI*t)':s=48000:d=1";
  const path = await synthesize(dir, 'a.wav', source, '-c:a', 'pcm_f32le');
  const bytes = await readFile(path);
  for (const [i, value] of [Number.NaN, Number.POSITIVE_INFINITY, 1e30].entries()) {
    bytes.writeFloatLE(value, bytes.length - 4 * (24_000 + 100 * i));
  }
  const { stereo, warnings } = await encodeSound(t, await file(dir, 'b.wav', bytes), 'audio/wav');
  isNear(levelOf(stereo, 0, rate, 0.1, 0.9), level, 'the rest');
  assert.match(warnings.join(), /2 samples of the audio file are not numbers/);
});
