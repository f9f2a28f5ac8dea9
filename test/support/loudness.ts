/** EBU R 128 by ITU-R BS.1770-4, written from the recommendation: no code of ffmpeg's. For stereo at 48 kHz. */

const rate = 48_000;

/** Blocks of 0.4 s begin each 0.1 s. */
const step = 0.1 * rate;
const steps = 4;

/** Integrated loudness in LUFS of interleaved stereo. */
export function loudnessOf(stereo: Float32Array): number {
  const energies = weightedEnergies(stereo);
  const powers: number[] = [];
  for (let at = 0; at + steps <= energies.length; at++) {
    const block = energies.subarray(at, at + steps);
    powers.push(block.reduce((sum, one) => sum + one, 0) / (steps * step));
  }
  const mean = (all: number[]) => all.reduce((sum, one) => sum + one, 0) / all.length;
  const lufs = (power: number) => -0.691 + 10 * Math.log10(power);
  const audible = powers.filter((power) => lufs(power) > -70);
  const gate = lufs(mean(audible)) - 10;
  return lufs(mean(audible.filter((power) => lufs(power) > gate)));
}

/** Of each step, of both channels together, behind the two filters of the K weighting: a shelf and a high pass. */
function weightedEnergies(stereo: Float32Array): Float64Array {
  const energies = new Float64Array(Math.floor(stereo.length / 2 / step));
  for (const side of [0, 1]) {
    let [given1, given2, shelved1, shelved2, made1, made2] = [0, 0, 0, 0, 0, 0];
    for (let n = 0; n < energies.length; n++) {
      let sum = 0;
      for (let i = 2 * n * step + side; i < 2 * (n + 1) * step; i += 2) {
        const given = stereo[i] as number;
        const fromGiven =
          1.53512485958697 * given - 2.69169618940638 * given1 + 1.19839281085285 * given2;
        const shelved = fromGiven + 1.69065929318241 * shelved1 - 0.73248077421585 * shelved2;
        const fromShelved = shelved - 2 * shelved1 + shelved2;
        const made = fromShelved + 1.99004745483398 * made1 - 0.99007225036621 * made2;
        sum += made * made;
        [given2, given1, shelved2, shelved1] = [given1, given, shelved1, shelved];
        [made2, made1] = [made1, made];
      }
      energies[n] = (energies[n] as number) + sum;
    }
  }
  return energies;
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
