import type { Metadata } from 'sharp';
import { MediaError } from '../../errors.ts';

/** Data that must be held whole may take as many bytes as the largest allowed picture takes as 8-bit RGB. */
const bytesPerPixel = 3;
/** A picture that needs more is decoded while no other such picture is: see compose_in_box.ts. */
const big = 48 * 1024 * 1024;

/**
 * Bytes that decoding holds at once. Most pictures stream through, row by row. Interlaced PNGs are held as
 * pixels, progressive JPEGs as 16-bit coefficients, WebPs twice as RGBA. Measured: at most a third more.
 */
function heldBytes(facts: Metadata): number {
  const { format, width, height, channels, depth } = facts;
  const pixels = width * height;
  if (format === 'webp') return pixels * 8;
  if (!facts.isProgressive) return 0;
  if (format === 'png') return pixels * channels * (depth === 'ushort' ? 2 : 1);
  return pixels * 2 * (facts.chromaSubsampling === '4:2:0' ? 1.5 : channels);
}

export function isGreedy(facts: Metadata, maxMegapixels: number): boolean {
  return heldBytes(facts) > maxMegapixels * 1e6 * bytesPerPixel;
}

/** The longest of a JPEG. Several whole rows are held at once, and a PNG's row may have all of its pixels. */
const longestSide = 65_535;

/**
 * Throws MediaError when the picture has more than this many megapixels, or would need more memory than they
 * allow.
 */
export function refuseGreedy(facts: Metadata, maxMegapixels: number): void {
  const megapixels = (facts.width * facts.height) / 1e6;
  if (megapixels > maxMegapixels)
    throw new MediaError(
      `The image has more than ${maxMegapixels} megapixels. Upload a smaller one.`,
    );
  if (Math.max(facts.width, facts.height) > longestSide)
    throw new MediaError(
      'The image has a side of more than 65,535 pixels. Crop it, or upload a smaller one.',
    );
  // WebPs can be reduced while they are decoded.
  if (facts.format === 'webp' || !isGreedy(facts, maxMegapixels)) return;
  const saved = facts.format === 'png' ? 'interlaced' : 'progressive';
  throw new MediaError(
    `The image is saved as ${saved} and too large for that, with ${Math.floor(megapixels)} megapixels. ` +
      `Export it as not ${saved}, or upload a smaller one.`,
  );
}

/** Whether the picture must be decoded while no other such picture is. */
export const isBig = (facts: Metadata): boolean => heldBytes(facts) >= big;
