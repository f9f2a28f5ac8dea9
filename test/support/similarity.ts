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
  const tiles = new Map<string, number[]>();
  for (let y = 0; y + window <= a.height; y += step) {
    for (let x = 0; x + window <= a.width; x += step) {
      const key = `${Math.floor(x / tile)} ${Math.floor(y / tile)}`;
      const all = tiles.get(key) ?? [];
      all.push(similarityAt(one, other, a.width, x, y));
      tiles.set(key, all);
    }
  }
  const mean = (all: number[]) => all.reduce((sum, one) => sum + one, 0) / all.length;
  return {
    whole: mean([...tiles.values()].flat()),
    worst: Math.min(...[...tiles.values()].map(mean)),
  };
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
  return Float64Array.from({ length: width * height }, (_, i) => {
    const [red = 0, green = 0, blue = 0] = data.subarray(i * channels, i * channels + 3);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  });
}
