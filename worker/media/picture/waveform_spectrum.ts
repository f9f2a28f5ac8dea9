/** Samples per spectrum: 64 ms at 16 kHz, so that syllables and beats stay apart. */
export const WINDOW = 1024;

const HANN = Float32Array.from(
  { length: WINDOW },
  (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / WINDOW),
);
/** The power of a full-scale sine in all its bins together. */
const FULL_SCALE = (WINDOW * HANN.reduce((sum, weight) => sum + weight * weight, 0)) / 4;
const COSINES = Float32Array.from({ length: WINDOW / 2 }, (_, i) =>
  Math.cos((2 * Math.PI * i) / WINDOW),
);
const SINES = Float32Array.from({ length: WINDOW / 2 }, (_, i) =>
  Math.sin((2 * Math.PI * i) / WINDOW),
);
const BITS = Math.log2(WINDOW);
const REVERSED = Uint16Array.from({ length: WINDOW }, (_, i) => {
  let reversed = 0;
  for (let bit = 0; bit < BITS; bit++) reversed |= ((i >> bit) & 1) << (BITS - 1 - bit);
  return reversed;
});

/**
 * Measures how the power of a sound is distributed over frequency bands.
 *
 * @param edges the bins between the bands, ascending, one more than there are bands
 * @returns a function of WINDOW samples (−1 to 1) that writes the power of each band: 1 for a full sine
 */
export function spectrumMeter(edges: number[]) {
  const real = new Float32Array(WINDOW);
  const imaginary = new Float32Array(WINDOW);
  return (samples: Float32Array, powers: Float32Array): void => {
    for (let i = 0; i < WINDOW; i++) {
      real[REVERSED[i] as number] = (samples[i] as number) * (HANN[i] as number);
    }
    imaginary.fill(0);
    transform(real, imaginary);
    for (let band = 0; band < powers.length; band++) {
      let power = 0;
      for (let bin = edges[band] as number; bin < (edges[band + 1] as number); bin++) {
        power += (real[bin] as number) ** 2 + (imaginary[bin] as number) ** 2;
      }
      powers[band] = power / FULL_SCALE;
    }
  };
}

/** The fast Fourier transform by halves (Cooley and Tukey), in place, of samples in bit-reversed order. */
function transform(real: Float32Array, imaginary: Float32Array): void {
  for (let half = 1; half < WINDOW; half *= 2) {
    const step = WINDOW / (2 * half);
    for (let start = 0; start < WINDOW; start += 2 * half) {
      for (let i = 0; i < half; i++) {
        const [a, b] = [start + i, start + i + half];
        const cosine = COSINES[i * step] as number;
        const sine = SINES[i * step] as number;
        const re = (real[b] as number) * cosine + (imaginary[b] as number) * sine;
        const im = (imaginary[b] as number) * cosine - (real[b] as number) * sine;
        real[b] = (real[a] as number) - re;
        imaginary[b] = (imaginary[a] as number) - im;
        real[a] = (real[a] as number) + re;
        imaginary[a] = (imaginary[a] as number) + im;
      }
    }
  }
}
