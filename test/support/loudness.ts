/** EBU R 128 by ITU-R BS.1770-4, written from the recommendation: no code of ffmpeg's. For stereo at 48 kHz. */

const rate = 48_000;

/** Integrated loudness in LUFS of interleaved stereo. */
export function loudnessOf(stereo: Float32Array): number {
  const weighted = weigh(stereo);
  const [block, step] = [0.4 * rate, 0.1 * rate];
  const powers: number[] = [];
  for (let at = 0; at + block <= weighted.length / 2; at += step) {
    let sum = 0;
    for (let i = 2 * at; i < 2 * (at + block); i++) sum += (weighted[i] as number) ** 2;
    powers.push(sum / block);
  }
  const mean = (all: number[]) => all.reduce((sum, one) => sum + one, 0) / all.length;
  const lufs = (power: number) => -0.691 + 10 * Math.log10(power);
  const audible = powers.filter((power) => lufs(power) > -70);
  const gate = lufs(mean(audible)) - 10;
  return lufs(mean(audible.filter((power) => lufs(power) > gate)));
}

/** The two filters of the K weighting, for both channels. */
function weigh(stereo: Float32Array): Float64Array {
  const sound = new Float64Array(stereo);
  const shelf = [
    1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585,
  ];
  const high = [1, -2, 1, -1.99004745483398, 0.99007225036621];
  for (const [b0 = 0, b1 = 0, b2 = 0, a1 = 0, a2 = 0] of [shelf, high]) {
    for (const side of [0, 1]) {
      let [given1, given2, made1, made2] = [0, 0, 0, 0];
      for (let i = side; i < sound.length; i += 2) {
        const given = sound[i] as number;
        const made = b0 * given + b1 * given1 + b2 * given2 - a1 * made1 - a2 * made2;
        [given2, given1, made2, made1] = [given1, given, made1, made];
        sound[i] = made;
      }
    }
  }
  return sound;
}

const taps = 24;

/** True peak in dBTP: the highest point of the sound oversampled four times by a windowed sinc. */
export function truePeakOf(stereo: Float32Array): number {
  let peak = 0;
  for (let i = 0; i < stereo.length; i++) peak = Math.max(peak, Math.abs(stereo[i] ?? 0));
  const kernels = [0.25, 0.5, 0.75].map((shift) =>
    Array.from({ length: 2 * taps }, (_, k) => {
      const x = Math.PI * (k - taps + 1 - shift);
      return (Math.sin(x) / x) * Math.cos(x / (2 * taps)) ** 2;
    }),
  );
  const near = 0.6 * peak;
  for (let i = 2 * taps; i < stereo.length - 2 * taps; i++) {
    // Between two quiet samples there is no peak.
    if (Math.abs(stereo[i] ?? 0) < near && Math.abs(stereo[i + 2] ?? 0) < near) continue;
    for (const kernel of kernels) {
      let sum = 0;
      for (let k = 0; k < kernel.length; k++)
        sum += (kernel[k] ?? 0) * (stereo[i + 2 * (k - taps + 1)] ?? 0);
      peak = Math.max(peak, Math.abs(sum));
    }
  }
  return 20 * Math.log10(peak);
}
