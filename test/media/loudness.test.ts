import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stepsOf } from '../../bench/steps.ts';
import { decode, soundOf } from '../support/decode.ts';
import { loudnessOf, truePeakOf } from '../support/loudness.ts';
import { file, folder } from '../support/media.ts';
import { encodeSound, heardOf } from '../support/sound.ts';
import { silentWav, wav } from '../support/wav.ts';

const rate = 48_000;
type Sound = (second: number, channel: number) => number;
const sine = (hz: number, second: number) => Math.sin(2 * Math.PI * hz * second);

/** Like speech: it comes and goes, at a different level in each channel. */
const talk: Sound = (t, channel) => {
  if (t % 1.3 < 0.4) return 0;
  return channel === 0 ? 0.05 * sine(180 + 20 * Math.sin(9 * t), t) : 0.03 * sine(420, t);
};
/** Attacks high above the sustained level: no gain raises it without a limiter. */
const drums: Sound = (t, channel) =>
  channel === 0
    ? 0.9 * Math.exp(-14 * (t % 0.5)) * sine(180, t) + 0.02 * sine(1_000, t)
    : 0.9 * Math.exp(-14 * (t % 0.37)) * sine(240, t);

/** After so many seconds the drums are where they began. */
const periodSeconds = 18.5;

async function write(dir: string, sound: Sound, seconds: number): Promise<string> {
  const frames = Math.min(seconds, periodSeconds) * rate;
  const period = Float32Array.from({ length: 2 * frames }, (_, i) => sound((i >> 1) / rate, i % 2));
  const bytes = wav(
    { rate, channels: 2 },
    seconds * rate,
    (i, channel) => period[(2 * i + channel) % period.length] as number,
  );
  return file(dir, 'a.wav', bytes);
}

describe('7.8 loudness: what is asked for is what is heard', { concurrency: 2 }, () => {
  for (const [name, sound, seconds, loudness, threads] of [
    ['quiet speech brought up', talk, 4, -14, 1],
    ['and down', talk, 4, -23, 1],
    ['drums, which need a limiter', drums, 4, -14, 1],
    ['drums, in pieces', drums, 120, -16, 2],
  ] as const) {
    test(name, async (t) => {
      const path = await write(await folder(t), sound, seconds);
      const made = await encodeSound(t, path, 'audio/wav', { loudness, threads });
      const told = made.made;
      assert.ok(Math.abs((told.loudness ?? 0) - loudness) <= 0.5, `told ${told.loudness}`);
      const [heard, given] = await decode(await heardOf(t, made.audio), soundOf(path));
      const [is, peak] = [loudnessOf(heard), truePeakOf(heard)];
      assert.ok(Math.abs(is - loudness) <= 0.5, `is ${is} LUFS, not ${loudness}`);
      assert.ok(peak <= -0.9, `its true peak is ${peak} dBTP`);
      const off = [is - (told.loudness ?? 0), peak - (told.truePeak ?? 0)].map(Math.abs);
      assert.ok((off[0] ?? 1) < 0.2 && (off[1] ?? 1) < 0.4, `told ${JSON.stringify(told)}`);
      const before = loudnessOf(given);
      assert.ok(Math.abs(before - (made.given.loudness ?? 0)) < 0.2, `${before} before`);
      if (sound === talk) assertOneGain(given, heard);
    });
  }

  /** In each of its parts; peaks that allow that need no limiter. */
  function assertOneGain(given: Float32Array, heard: Float32Array) {
    const power = (stereo: Float32Array, from: number) =>
      stereo
        .subarray(2 * rate * from, 2 * rate * (from + 0.8))
        .reduce((sum, one) => sum + one ** 2, 0);
    const gains = [0.45, 1.75, 3.05].map(
      (from) => 10 * Math.log10(power(heard, from) / power(given, from)),
    );
    assert.ok(Math.max(...gains) - Math.min(...gains) < 0.1, `${gains}`);
  }

  test('silence stays silence, and that is said', async (t) => {
    const path = await file(await folder(t), 'a.wav', silentWav(1));
    const made = await encodeSound(t, path, 'audio/wav', { loudness: -14 });
    const [stereo] = await decode(soundOf(made.path));
    assert.ok(stereo.every((sample) => Math.abs(sample) < 1e-4));
    assert.deepEqual([made.made, made.warnings], [{}, ['The audio is silent.']]);
  });
});

test('what no limiter can reach is told, and soon given up', async (t) => {
  const clicks = (second: number) => (second % 0.5 < 2 / rate ? 0.5 : 0);
  const path = await write(await folder(t), clicks, 1);
  const steps = await stepsOf(async () => {
    const { made, warnings } = await encodeSound(t, path, 'audio/wav', { loudness: -14 });
    assert.ok((made.loudness ?? 0) < -14.5, `${made.loudness}`);
    assert.equal(warnings.length, 1);
    assert.match(
      warnings.join(),
      /^The loudness asked for is out of reach: .* LUFS instead of -14/,
    );
  });
  assert.ok(steps.length < 8, `${steps.length} processes`);
});
