import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutEvenly, shareDone } from '../../worker/media/sound/sound.ts';
import { decode, soundOf } from '../support/decode.ts';
import { folder, synthesize } from '../support/media.ts';
import { encodeSound, heardOf } from '../support/sound.ts';

const packet = 1024;
const rate = 44_100;
/** Packets that a piece encodes before its own. */
const runUp = 1_600;

/**
 * Sounds that are hard to cut, one at each seam: noise, attacks, a sweep; left and right differ. The first is
 * clipped for some seconds, which only the first piece hears.
 */
const sources = [
  "anoisesrc=d=70:color=pink:r=44100:seed=7,volume=20:enable='between(t,5,8)',aformat=channel_layouts=stereo",
  "aevalsrc='0.4*sin(2*PI*(200+40*floor(mod(t*3,7)))*t)*exp(-6*mod(t,0.31))+0.02*random(0)|0.4*sin(2*PI*330*t)*exp(-9*mod(t+0.1,0.47))':s=44100:d=20",
  "aevalsrc='0.5*sin(2*PI*(100*t+60*t*t))|0.5*sin(2*PI*440*t)':s=44100:d=31",
];
const endsOfSources = [70, 90, 121];
const threads = 4;

/** The difference between two stretches: its loudest sample, and its level (root mean square). */
function difference(a: Float32Array, b: Float32Array, from: number, to: number) {
  let [loudest, power] = [0, 0];
  for (let i = from * 2; i < to * 2; i++) {
    const error = Math.abs((a[i] ?? 0) - (b[i] ?? 0));
    loudest = Math.max(loudest, error);
    power += error ** 2;
  }
  return { loudest, level: Math.sqrt(power / (2 * (to - from))) };
}

// With four threads the first two pieces begin at the start, where both take their run-up.
test('sound that was encoded in pieces: no seam is heard', async (t) => {
  const dir = await folder(t);
  const all = `${sources.map((source, i) => `${source}[s${i}]`).join(';')};[s0][s1][s2]concat=n=3:v=0:a=1[out0]`;
  const path = await synthesize(dir, 'a.wav', all);
  const one = await encodeSound(t, path, 'audio/wav');
  const made = await encodeSound(t, path, 'audio/wav', { threads });
  assert.deepEqual([one.audio.files.length, made.audio.files.length], [1, threads]);
  const [given, whole, pieced] = await decode(
    soundOf(path),
    await heardOf(t, one.audio),
    await heardOf(t, made.audio),
  );
  assert.ok(Math.abs(whole.length - given.length) < 2 * packet);
  assert.equal(pieced.length, whole.length);
  assert.match(one.warnings.join(), /clipped/);
  assert.deepEqual(made.warnings, one.warnings);
  const seams = cutEvenly(given.length / 2 / packet, threads);
  const sourceAt = (seam: number) => endsOfSources.findIndex((end) => seam * packet < end * rate);
  assert.deepEqual(seams.map(sourceAt), [0, 1, 2]);
  for (const seam of seams) {
    const [from, to] = [(seam - 12) * packet, (seam + 12) * packet];
    const error = difference(pieced, given, from, to);
    const usual = difference(whole, given, from, to);
    const told = JSON.stringify({ seam, error, usual });
    // In dB.
    assert.ok(error.level <= 1.12 * usual.level + 0.0005, told);
    assert.ok(error.loudest <= 2 * usual.loudest + 0.003, told);
  }
});

test('progress of pieces, each at a constant speed of its own, is true within 5 points', () => {
  const seconds = 3_120;
  const packets = (seconds * 48_000) / packet;
  const facts = { sampleRate: 48_000, channels: 2, seconds };
  const cores = [[1], [1, 1], [1, 0.6], [0.6, 1], [1, 0.9, 0.8], [1, 1, 1, 1, 0.9, 0.9, 0.9, 0.9]];
  for (const speeds of cores) {
    const cuts = [0, ...cutEvenly(packets, speeds.length), packets];
    const pieces = cuts
      .slice(1)
      .map((to, i) => ({ from: Math.max(0, (cuts[i] ?? 0) - runUp), to }));
    const inSeconds = (n: number) => (n * packet) / 48_000;
    // Decoding alone is about twenty times as fast as decoding and encoding.
    const work = pieces.map(({ from, to }) => inSeconds(from) / 20 + inSeconds(to - from));
    const speedOf = (i: number) => speeds[i] as number;
    const longest = Math.max(...work.map((all, i) => all / speedOf(i)));
    for (let percent = 0; percent <= 100; percent++) {
      const done = pieces.map(({ from, to }, i) => {
        const out = (percent / 100) * longest * speedOf(i) - inSeconds(from) / 20;
        return Math.min(Math.max(0, out), inSeconds(to - from));
      });
      const told = 100 * shareDone(pieces, done, facts);
      assert.ok(Math.abs(told - percent) < 5, `${told} % at ${percent} %, cores ${speeds}`);
    }
  }
});
