import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { suiteCleanup } from '../support/database.ts';
import { decode, soundOf } from '../support/decode.ts';
import { ffmpeg, folder, synthesize } from '../support/media.ts';
import { encodeSound, heardOf } from '../support/sound.ts';

const rate = 44_100;
const seconds = 0.6;
/** The seconds an encoder needs to settle after a change of signal; they are not judged. */
const edgeSeconds = 0.15;

const frequencies = [60, 220, 440, 1_000, 4_000, 11_000];
const amplitudes = [1, 0.7, 0.5, 0.25, 0.05, 0.005];
const sine = (hz: number, amplitude: number) => `${amplitude}*sin(2*PI*${hz}*t)`;

/** As expressions of t: one for both channels, or one for each. */
const signals: Record<string, string> = {
  ...Object.fromEntries(
    frequencies.flatMap((hz) =>
      amplitudes.map((amplitude) => [`${hz} Hz at ${amplitude}`, sine(hz, amplitude)]),
    ),
  ),
  'a sweep': '0.8*sin(2*PI*(50*t+4000*t*t))',
  'a fast sweep': '0.5*sin(2*PI*(20+9000*t)*t)',
  'a square bass': '0.8*(2*gt(sin(2*PI*55*t),0)-1)',
  bells: '0.4*exp(-3*mod(t,0.4))*(sin(2*PI*523*t)+0.6*sin(2*PI*1408*t)+0.4*sin(2*PI*2911*t))',
  applause: '0.5*(random(0)-0.5)*(0.3+0.7*gt(random(1),0.97))|0.5*(random(2)-0.5)',
  castanets: '0.9*exp(-60*mod(t,0.19))*(random(3)-0.5)',
  dialogue:
    '0.5*sin(2*PI*130*t+3*sin(2*PI*260*t))*(0.5+0.5*sin(2*PI*4*t))|0.3*sin(2*PI*210*t+2*sin(2*PI*420*t))*(0.5-0.5*sin(2*PI*4*t))',
  'dense music':
    '0.2*(sin(2*PI*110*t)+sin(2*PI*277*t)+sin(2*PI*659*t)+sin(2*PI*1661*t)+random(4)-0.5)|0.2*(sin(2*PI*165*t)+sin(2*PI*440*t)+sin(2*PI*2093*t)+random(5)-0.5)',
  'silence with clicks': '0.9*between(mod(t,0.2),0,0.0002)',
};

describe('no signal sounds worse than by ffmpeg’s own encoder at the same bit rate', () => {
  const cleanup = suiteCleanup();
  const names = Object.keys(signals);
  let given: Float32Array;
  let usual: Float32Array;
  let ours: Float32Array;

  before(async () => {
    const dir = await folder(cleanup);
    const sources = Object.values(signals).map((expression) => {
      const sides = expression.includes('|') ? expression : `${expression}|${expression}`;
      return `aevalsrc='${sides}':s=${rate}:d=${seconds}`;
    });
    const inputs = sources.map((source, i) => `${source}[s${i}]`).join(';');
    const all = `${inputs};${sources.map((_, i) => `[s${i}]`).join('')}concat=n=${sources.length}:v=0:a=1[out0]`;
    const path = await synthesize(dir, 'signals.wav', all, '-c:a', 'pcm_f32le');
    await ffmpeg('-i', path, '-c:a', 'aac', '-b:a', '192k', `${dir}/usual.m4a`);
    const { audio } = await encodeSound(cleanup, path, 'audio/wav');
    [given, usual, ours] = await decode(
      soundOf(path),
      soundOf(`${dir}/usual.m4a`),
      await heardOf(cleanup, audio),
    );
  });

  for (const [i, name] of names.entries()) {
    test(name, () => {
      const from = Math.round((i * seconds + edgeSeconds) * rate);
      const to = Math.round(((i + 1) * seconds - edgeSeconds) * rate);
      const by = compare(given, usual, from, to);
      const is = compare(given, ours, from, to);
      const said = `${JSON.stringify(is)}, usual: ${JSON.stringify(by)}`;
      // An error 50 dB below is inaudible, and down there encoders differ by chance.
      assert.ok(is.ratio >= Math.min(50, by.ratio) - 1, said);
      // Near full scale ffmpeg's encoder holds back to 0.95, clear of clipping.
      assert.ok(Math.abs(is.level) <= Math.max(0.3, Math.abs(by.level) + 0.05), said);
      assert.ok(is.peak <= 1.08 * Math.max(1, by.peak), said);
    });
  }
});

/** In dB: how far the error is below the sound and how far the level is off; and the loudest sample. */
function compare(given: Float32Array, made: Float32Array, from: number, to: number) {
  let [signal, error, power, peak] = [0, 0, 0, 0];
  for (let i = 2 * from; i < 2 * to; i++) {
    const [a, b] = [given[i] ?? 0, made[i] ?? 0];
    signal += a * a;
    error += (a - b) ** 2;
    power += b * b;
    peak = Math.max(peak, Math.abs(b));
  }
  const decibels = (ratio: number) => 10 * Math.log10(ratio);
  return { ratio: decibels(signal / Math.max(error, 1e-9)), level: decibels(power / signal), peak };
}
