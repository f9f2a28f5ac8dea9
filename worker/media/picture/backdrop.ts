import sharp from 'sharp';
import type { Layout, Size } from './canvas.ts';
import type { Pixels } from './pixels.ts';

/** Blurring at an eighth of the size costs a sixty-fourth and loses nothing that a blur would keep. */
const blurShrink = 8;
/** The radius of the blur, as a share of the canvas' shorter side. */
const blurSigma = 0.04;
const blurBrightness = 0.6;

/** A canvas of this colour, `#rrggbb`, as RGB. */
export function plainColour(colour: string, { width, height }: Size): Buffer {
  return Buffer.alloc(3 * width * height, Buffer.from(colour.slice(1), 'hex'));
}

/** The picture enlarged to cover the canvas, blurred and darker, as RGB. */
export async function blurredCopy(picture: Pixels, { width, height }: Size): Promise<Buffer> {
  const small = {
    width: Math.ceil(width / blurShrink),
    height: Math.ceil(height / blurShrink),
  };
  const raw = { width: picture.width, height: picture.height, channels: 3 as const };
  const blurred = await sharp(picture.data, { raw })
    .resize({ ...small, fit: 'cover' })
    .blur(blurSigma * Math.min(small.width, small.height))
    .linear(blurBrightness, 0)
    .raw()
    .toBuffer();
  return sharp(blurred, { raw: { ...small, channels: 3 } })
    .resize({ width, height, fit: 'fill' })
    .raw()
    .toBuffer();
}

/**
 * The most common colour, `#rrggbb`, of the edges that adjoin the bars, or of all edges when there are no
 * bars; undefined when they are transparent. Not the mean, because the mean of blue and green would be in no
 * picture.
 */
export function edgeColour(picture: Pixels, layout: Layout): string | undefined {
  const { data, width, height, channels } = picture;
  const sums = new Map<number, [count: number, red: number, green: number, blue: number]>();
  const count = (x: number, y: number) => {
    const at = channels * (y * width + x);
    const [red = 0, green = 0, blue = 0, alpha = 255] = data.subarray(at, at + channels);
    if (alpha < 128) return;
    // Similar colours count as one, because noise and compression scatter what is one colour to the eye.
    const key = ((red >> 4) << 8) | ((green >> 4) << 4) | (blue >> 4);
    const sum = sums.get(key) ?? [0, 0, 0, 0];
    sums.set(key, [sum[0] + 1, sum[1] + red, sum[2] + green, sum[3] + blue]);
  };
  const beside = layout.left > 0;
  const above = layout.top > 0;
  if (beside || !above)
    for (let y = 0; y < height; y++) for (const x of [0, width - 1]) count(x, y);
  if (above || !beside)
    for (let x = 0; x < width; x++) for (const y of [0, height - 1]) count(x, y);
  const [commonest] = [...sums.values()].sort((a, b) => b[0] - a[0]);
  if (!commonest) return undefined;
  const [pixels, ...total] = commonest;
  const mean = total.map((channel) => Math.round(channel / pixels));
  return `#${Buffer.from(mean).toString('hex')}`;
}
