/** One byte per pixel, row by row: how much of the colour the pixel takes, 0 to 255. */
export type Mask = { pixels: Uint8Array; width: number; height: number };

export const emptyMask = (width: number, height: number): Mask => ({
  pixels: new Uint8Array(width * height),
  width,
  height,
});

/** How much lower than its middle the round end of a bar is, for each of its columns. */
export function roundEnd(thickness: number): Float32Array {
  const radius = thickness / 2;
  const parts = [0.125, 0.375, 0.625, 0.875];
  return Float32Array.from({ length: thickness }, (_, column) => {
    const drops = parts.map((part) => {
      const away = column + part - radius;
      return radius - Math.sqrt(radius * radius - away * away);
    });
    return drops.reduce((sum, drop) => sum + drop) / parts.length;
  });
}

/**
 * Draws a bar with round ends that extends this many pixels up and down from the middle of the mask, over one
 * that extended `before`. Only rows in which they differ are touched.
 */
export function drawBar(
  { pixels, width, height }: Mask,
  left: number,
  end: Float32Array,
  reach: number,
  before: number,
): void {
  const middle = height / 2;
  const from = Math.max(0, Math.floor(Math.min(reach, before) - end.length / 2 - 1));
  const to = Math.min(middle, Math.ceil(Math.max(reach, before)));
  for (let row = from; row < to; row++) {
    const above = (middle - 1 - row) * width + left;
    const below = (middle + row) * width + left;
    for (let column = 0; column < end.length; column++) {
      const covered = Math.min(1, Math.max(0, reach - (end[column] as number) - row));
      pixels[above + column] = pixels[below + column] = 255 * covered + 0.5;
    }
  }
}
