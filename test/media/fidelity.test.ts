import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { suiteCleanup } from '../support/database.ts';
import { decodeSound, folder, plainPicture, render, synthesize } from '../support/media.ts';

const RATE = 44_100;
const TONE_HZ = 440;

describe('a pure tone', { concurrency: 2 }, () => {
  const cleanup = suiteCleanup();
  let imagePath: string;
  before(async () => {
    imagePath = await plainPicture(await folder(cleanup));
  });

  for (const amplitude of [1, 0.7, 0.5, 0.25]) {
    test(`at amplitude ${amplitude} keeps its level, and nothing else is heard`, async (t) => {
      const tone = `${amplitude}*sin(2*PI*${TONE_HZ}*t)`;
      const source = `aevalsrc='${tone}|${tone}':d=3:s=${RATE}`;
      const audioPath = await synthesize(await folder(t), 'tone.wav', source);
      const made = await render(t, { imagePath, audioPath, audioType: 'audio/wav' });
      const { level, rest } = toneIn(await decodeSound(made.videoPath));
      const change = level - decibels(amplitude ** 2 / 2);
      // At full scale the encoder itself is this much off.
      assert.ok(
        Math.abs(change) < (amplitude === 1 ? 0.6 : 0.3),
        `the tone's level changed by ${change} dB`,
      );
      assert.ok(rest < level - 38, `all else is only ${level - rest} dB below the tone`);
    });
  }
});

/** The power of the tone and of all else in the left channel, in dB, from 0.5 to 2.5 s. */
function toneIn(stereo: Float32Array): { level: number; rest: number } {
  const left = stereo.filter((_, i) => i % 2 === 0).subarray(RATE / 2, (RATE * 5) / 2);
  let [power, cosine, sine] = [0, 0, 0];
  for (const [i, sample] of left.entries()) {
    const phase = (2 * Math.PI * TONE_HZ * i) / RATE;
    power += sample ** 2 / left.length;
    cosine += (sample * Math.cos(phase)) / left.length;
    sine += (sample * Math.sin(phase)) / left.length;
  }
  const tone = 2 * (cosine ** 2 + sine ** 2);
  return { level: decibels(tone), rest: decibels(Math.max(power - tone, 1e-12)) };
}

const decibels = (power: number): number => 10 * Math.log10(power);
