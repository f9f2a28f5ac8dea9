import type { Pixels } from '../../worker/media/picture/pixels.ts';

const window = 8;
const step = 4;
/** So that a few letters that are wrong do not vanish in a picture that is right. */
const tile = 40;

/**
 * Structural similarity (SSIM) of two pictures of one size, RGB or RGBA: 1 where they are alike. The mean
 * over the `whole`, and over the `worst` tile of 40 × 40 pixels.
 */
export function similarity(a: Pixels, b: Pixels): { whole: number; worst: number } {
  const [one, other] = [luma(a), luma(b)];
  const across = Math.ceil(a.width / tile);
  const tiles = across * Math.ceil(a.height / tile);
  const [sums, counts] = [new Float64Array(tiles), new Uint32Array(tiles)];
  for (let y = 0; y + window <= a.height; y += step) {
    for (let x = 0; x + window <= a.width; x += step) {
      const at = Math.floor(y / tile) * across + Math.floor(x / tile);
      sums[at] = (sums[at] as number) + similarityAt(one, other, a.width, x, y);
      counts[at] = (counts[at] as number) + 1;
    }
  }
  const total = (all: Float64Array | Uint32Array) => {
    let sum = 0;
    for (const one of all) sum += one;
    return sum;
  };
  // A tile at the edge may hold no whole window.
  const means = sums.map((sum, i) => sum / (counts[i] as number)).filter((_, i) => counts[i] !== 0);
  return { whole: total(sums) / total(counts), worst: Math.min(...means) };
}

/** Wang et al. 2004, with their constants. */
function similarityAt(a: Float64Array, b: Float64Array, width: number, left: number, top: number) {
  let [sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0];
  for (let y = top; y < top + window; y++) {
    for (let at = y * width + left; at < y * width + left + window; at++) {
      const [p, q] = [a[at] as number, b[at] as number];
      sumA += p;
      sumB += q;
      squaresA += p * p;
      squaresB += q * q;
      products += p * q;
    }
  }
  const count = window * window;
  const [meanA, meanB] = [sumA / count, sumB / count];
  const variances = squaresA / count - meanA ** 2 + squaresB / count - meanB ** 2;
  const covariance = products / count - meanA * meanB;
  const [c1, c2] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2];
  const light = (2 * meanA * meanB + c1) / (meanA ** 2 + meanB ** 2 + c1);
  return (light * (2 * covariance + c2)) / (variances + c2);
}

function luma({ data, width, height, channels }: Pixels): Float64Array {
  const lumas = new Float64Array(width * height);
  for (let i = 0, at = 0; i < lumas.length; i++, at += channels) {
    const green = 0.7152 * (data[at + 1] as number);
    lumas[i] = 0.2126 * (data[at] as number) + green + 0.0722 * (data[at + 2] as number);
  }
  return lumas;
}
