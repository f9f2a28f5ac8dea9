/** Samples per spectrum: 64 ms at 16 kHz, so that syllables and beats stay apart. */
export const windowSamples = 1024;

const hann = Float32Array.from(
  { length: windowSamples },
  (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / windowSamples),
);
/** The power of a full-scale sine in all its bins together. */
const fullScale = (windowSamples * hann.reduce((sum, weight) => sum + weight * weight, 0)) / 4;
const cosines = Float32Array.from({ length: windowSamples / 2 }, (_, i) =>
  Math.cos((2 * Math.PI * i) / windowSamples),
);
const sines = Float32Array.from({ length: windowSamples / 2 }, (_, i) =>
  Math.sin((2 * Math.PI * i) / windowSamples),
);
const bits = Math.log2(windowSamples);
const reversed = Uint16Array.from({ length: windowSamples }, (_, i) => {
  let reversed = 0;
  for (let bit = 0; bit < bits; bit++) reversed |= ((i >> bit) & 1) << (bits - 1 - bit);
  return reversed;
});

/**
 * Measures how the power of a sound is distributed over frequency bands.
 *
 * @param edges the bins between the bands, ascending, one more than there are bands
 * @returns a function of WINDOW samples (−1 to 1) that writes the power of each band: 1 for a full sine
 */
export function spectrumMeter(edges: number[]) {
  const real = new Float32Array(windowSamples);
  const imaginary = new Float32Array(windowSamples);
  return (samples: Float32Array, powers: Float32Array): void => {
    for (let i = 0; i < windowSamples; i++) {
      real[reversed[i] as number] = (samples[i] as number) * (hann[i] as number);
    }
    imaginary.fill(0);
    transform(real, imaginary);
    for (let band = 0; band < powers.length; band++) {
      let power = 0;
      for (let bin = edges[band] as number; bin < (edges[band + 1] as number); bin++) {
        power += (real[bin] as number) ** 2 + (imaginary[bin] as number) ** 2;
      }
      powers[band] = power / fullScale;
    }
  };
}

/** The fast Fourier transform by halves (Cooley and Tukey), in place, of samples in bit-reversed order. */
function transform(real: Float32Array, imaginary: Float32Array): void {
  for (let half = 1; half < windowSamples; half *= 2) {
    const step = windowSamples / (2 * half);
    for (let start = 0; start < windowSamples; start += 2 * half) {
      for (let i = 0; i < half; i++) {
        const [a, b] = [start + i, start + i + half];
        const cosine = cosines[i * step] as number;
        const sine = sines[i * step] as number;
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
