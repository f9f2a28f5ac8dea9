import type { Size } from '../canvas.ts';
import type { Overlay } from './draw_captions.ts';

/** A picture in encoders' format: all luma, then a quarter as much of each chroma plane (BT.709, 16–235). */
export type Yuv = Size & { planes: Buffer };

const colourBytes = ({ width, height }: Size) => (width * height) / 4;
export const yuvBytes = (size: Size) => size.width * size.height + 2 * colourBytes(size);

/** Draws an overlay on the picture, at its position. */
export function blend(picture: Yuv, overlay: Overlay): void {
  blendLuma(picture, overlay);
  const luma = picture.width * picture.height;
  blendColour(picture, luma, overlay, blue);
  blendColour(picture, luma + colourBytes(picture), overlay, red);
}

/** Removes the overlay again by copying what was there. */
export function restore(picture: Yuv, from: Yuv, { top, height }: Overlay): void {
  const { width } = picture;
  const luma = width * picture.height;
  const copy = (plane: number, stride: number, first: number, rows: number) => {
    const start = plane + first * stride;
    from.planes.copy(picture.planes, start, start, start + rows * stride);
  };
  copy(0, width, top, height);
  for (const plane of [luma, luma + colourBytes(picture)])
    copy(plane, width / 2, top / 2, height / 2);
}

// Mixing gives the same result in R'G'B' and in Y'CbCr, because one is the other multiplied by a matrix.

function blendLuma({ planes, width }: Yuv, overlay: Overlay): void {
  const { rgba } = overlay;
  for (let y = 0, at = 0; y < overlay.height; y++) {
    let to = (overlay.top + y) * width + overlay.left;
    for (let x = 0; x < overlay.width; x++, at += 4, to++) {
      const alpha = (rgba[at + 3] as number) / 255;
      if (alpha === 0) continue;
      const luma = 16 + mixed(lumaWeights, rgba, at);
      planes[to] = Math.round((planes[to] as number) * (1 - alpha) + luma * alpha);
    }
  }
}

/** One chroma sample covers four luma samples. */
function blendColour({ planes, width }: Yuv, plane: number, overlay: Overlay, weights: Weights) {
  const { rgba } = overlay;
  const stride = overlay.width * 4;
  for (let y = 0; y < overlay.height; y += 2) {
    let to = plane + ((overlay.top + y) / 2) * (width / 2) + overlay.left / 2;
    for (let x = 0; x < overlay.width; x += 2, to++) {
      let alphas = 0;
      let colour = 0;
      const first = y * stride + x * 4;
      for (const at of [first, first + 4, first + stride, first + stride + 4]) {
        const alpha = (rgba[at + 3] as number) / 1020;
        alphas += alpha;
        if (alpha > 0) colour += alpha * (128 + mixed(weights, rgba, at));
      }
      if (alphas > 0) planes[to] = Math.round((planes[to] as number) * (1 - alphas) + colour);
    }
  }
}

type Weights = readonly [red: number, green: number, blue: number];

const lumaWeights: Weights = [0.2126, 0.7152, 0.0722].map((part) => (part * 219) / 255) as never;
const blue: Weights = [-0.2126, -0.7152, 0.9278].map(
  (part) => (part * 224) / 255 / 1.8556,
) as never;
const red: Weights = [0.7874, -0.7152, -0.0722].map((part) => (part * 224) / 255 / 1.5748) as never;

const mixed = ([red, green, blue]: Weights, rgba: Buffer, at: number) =>
  red * (rgba[at] as number) + green * (rgba[at + 1] as number) + blue * (rgba[at + 2] as number);
