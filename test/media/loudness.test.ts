import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { AacAudio } from '../../worker/media/mp4/read.ts';
import { writeAdts } from '../../worker/media/sound/adts.ts';
import type { Cleanup } from '../support/database.ts';
import { loudnessOf, truePeakOf } from '../support/loudness.ts';
import { decodeSound, folder, synthesize } from '../support/media.ts';
import { encodeSound } from '../support/sound.ts';

/** Like speech: it comes and goes, at a different level in each channel. */
const talk =
  "aevalsrc='0.05*sin(2*PI*(180+20*sin(9*t))*t)*gt(mod(t,1.3),0.4)|0.03*sin(2*PI*420*t)*gt(mod(t,1.3),0.4)':s=48000";
/** Attacks high above the sustained level: no gain raises it without a limiter. */
const drums =
  "aevalsrc='0.9*exp(-14*mod(t,0.5))*sin(2*PI*180*t)+0.02*sin(2*PI*1000*t)|0.9*exp(-14*mod(t,0.37))*sin(2*PI*240*t)':s=48000";

/** The sound as players decode it. */
async function decoded(t: Cleanup, audio: AacAudio): Promise<Float32Array> {
  const path = join(await folder(t), 'made.aac');
  await writeAdts(audio, path, new AbortController().signal);
  return decodeSound(path, ['-f', 'aac'], ['-ar', '48000']);
}

describe('7.8 loudness: what is asked for is what is heard', { concurrency: 2 }, () => {
  for (const [name, source, loudness, threads] of [
    ['quiet speech brought up', `${talk}:d=6`, -14, 1],
    ['and down', `${talk}:d=6`, -23, 1],
    ['drums, which need a limiter', `${drums}:d=6`, -14, 1],
    // The period of the drums, again and again: their formula is slow.
    ['drums, in pieces', `${drums}:d=18.5,aloop=-1:888000,atrim=end=121`, -16, 2],
  ] as const) {
    test(name, async (t) => {
      const path = await synthesize(await folder(t), 'a.wav', source);
      const { audio, given, made } = await encodeSound(t, path, 'audio/wav', { loudness }, threads);
      assert.ok(Math.abs((made.loudness ?? 0) - loudness) <= 0.5, `told ${made.loudness}`);
      const sound = await decoded(t, audio);
      const [is, peak] = [loudnessOf(sound), truePeakOf(sound)];
      assert.ok(Math.abs(is - loudness) <= 0.5, `is ${is} LUFS, not ${loudness}`);
      assert.ok(peak <= -0.9, `its true peak is ${peak} dBTP`);
      assert.ok(
        Math.abs(is - (made.loudness ?? 0)) < 0.2 && Math.abs(peak - (made.truePeak ?? 0)) < 0.4,
      );
      const source48 = await decodeSound(path, [], ['-ar', '48000']);
      assert.ok(Math.abs(loudnessOf(source48) - (given.loudness ?? 0)) < 0.2, `${given.loudness}`);
    });
  }

  test('one gain for all of it, where the peaks allow that', async (t) => {
    const path = await synthesize(await folder(t), 'a.wav', `${talk}:d=4`);
    const kept = (await encodeSound(t, path, 'audio/wav')).stereo;
    const { stereo } = await encodeSound(t, path, 'audio/wav', { loudness: -16 });
    const power = (sound: Float32Array, from: number) =>
      sound
        .subarray(2 * 48_000 * from, 2 * 48_000 * (from + 0.8))
        .reduce((sum, one) => sum + one ** 2, 0);
    const gains = [0.45, 1.75, 3.05].map(
      (from) => 10 * Math.log10(power(stereo, from) / power(kept, from)),
    );
    assert.ok(Math.max(...gains) - Math.min(...gains) < 0.1, `${gains}`);
  });

  test('what no limiter can reach is told', async (t) => {
    const clicks = "aevalsrc='0.5*lt(mod(n,24000),2)':s=48000:d=1";
    const path = await synthesize(await folder(t), 'a.wav', clicks);
    const { made, warnings } = await encodeSound(t, path, 'audio/wav', { loudness: -14 });
    assert.ok((made.loudness ?? 0) < -14.5, `${made.loudness}`);
    assert.equal(warnings.length, 1);
    assert.match(
      warnings.join(),
      /^The loudness asked for is out of reach: .* LUFS instead of -14/,
    );
  });

  test('silence stays silence, and that is said', async (t) => {
    const path = await synthesize(await folder(t), 'a.wav', 'anullsrc=d=2');
    const { stereo, made, warnings } = await encodeSound(t, path, 'audio/wav', { loudness: -14 });
    assert.ok(stereo.every((sample) => Math.abs(sample) < 1e-4));
    assert.deepEqual([made, warnings], [{}, ['The audio is silent.']]);
  });
});
