import type { Size } from './canvas.ts';

/** Rows of pixels without padding: `channels` samples per pixel, red, green, blue and, if four, alpha. */
export type Pixels = Size & { data: Buffer; channels: number };

/** RGBA over a colour, as RGB; RGB unchanged. */
export function flattened(picture: Pixels, colour: string): Pixels {
  if (picture.channels === 3) return picture;
  const { data, width, height } = picture;
  const behind = Buffer.from(colour.slice(1), 'hex');
  const rgb = Buffer.alloc(3 * width * height);
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    const alpha = (data[from + 3] as number) / 255;
    for (let channel = 0; channel < 3; channel++) {
      const over = data[from + channel] as number;
      const under = behind[channel] as number;
      rgb[to + channel] = Math.round(under + (over - under) * alpha);
    }
  }
  return { data: rgb, width, height, channels: 3 };
}

/** Inks without a profile, mixed as browsers do: each ink removes its share, and black its share of all. */
export function rgbOfCmyk({ data, width, height }: Pixels): Pixels {
  const rgb = Buffer.alloc(3 * width * height);
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    const light = 255 - (data[from + 3] as number);
    for (let channel = 0; channel < 3; channel++)
      rgb[to + channel] = Math.round(((255 - (data[from + channel] as number)) * light) / 255);
  }
  return { data: rgb, width, height, channels: 3 };
}

/** Thresholds of 8 × 8 pixels, each from 0 to 63 once, with neighbours far apart (Bayer). */
const bayer = Array.from({ length: 64 }, (_, i) => {
  const [x, y] = [i % 8, Math.floor(i / 8)];
  return [0, 1, 2].reduce((sum, bit) => {
    const [across, down] = [(x >> bit) & 1, (y >> bit) & 1];
    return sum + ((2 * (across ^ down) + down) << (2 * (2 - bit)));
  }, 0);
});

/**
 * Reduces 16 bits to 8. Rounding would make steps in a slow gradient; this dithers them, and leaves whole
 * values alone.
 */
export function dithered({ data, width, height, channels }: Pixels): Pixels {
  const samples = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
  const eight = Buffer.alloc(samples.length);
  const row = channels * width;
  for (let at = 0; at < samples.length; at++) {
    const x = Math.floor((at % row) / channels);
    const y = Math.floor(at / row);
    const threshold = ((bayer[8 * (y % 8) + (x % 8)] as number) + 0.5) / 64;
    eight[at] = Math.floor((samples[at] as number) / 257 + threshold);
  }
  return { data: eight, width, height, channels };
}
