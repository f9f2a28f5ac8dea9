import sharp from 'sharp';
import type { ImageType } from '../../../src/media_type.ts';
import { MediaError } from '../errors.ts';

/** 100 megapixels: what a picture may hold before anything of it is decoded. */
const MAX_PIXELS = 100_000_000;
const LONG_SIDE = 1920;
const SHORT_SIDE = 1080;
/** Shown where a picture is transparent: what logos and drawings with an alpha channel are made for. */
const BACKGROUND = '#ffffff';

// One picture is decoded once: a cache would only hold memory.
sharp.cache(false);

/** A fitted, upright, opaque sRGB picture: `rgb` holds width × height × 3 bytes, both sides even. */
export type Frame = { rgb: Buffer; width: number; height: number };

/** Decodes the (first) picture of a JPEG, PNG or WebP file and fits it for video. Throws MediaError. */
export async function fitPicture(path: string, type: ImageType): Promise<Frame> {
  try {
    return await fit(path, type.replace('image/', ''));
  } catch (error) {
    if (error instanceof Error && error.message.includes('exceeds pixel limit')) {
      throw new MediaError('The image has more than 100 megapixels. Upload a smaller one.');
    }
    throw new MediaError(
      'The image could not be read: it is damaged or incomplete. Export it again and upload the new file.',
      { cause: error },
    );
  }
}

async function fit(path: string, format: string): Promise<Frame> {
  // Phones write JPEGs that libvips warns about and everyone shows: only real errors count.
  const picture = sharp(path, {
    limitInputPixels: MAX_PIXELS,
    failOn: 'error',
    sequentialRead: true,
    autoOrient: true,
  });
  const facts = await picture.metadata();
  if (facts.format !== format) throw new Error(`${facts.format} is not ${format}`);
  const { width, height } = facts.autoOrient;
  const size = fittedSize(width, height);
  picture.flatten({ background: BACKGROUND }).toColourspace('srgb');
  if (size.scale < 1) picture.resize(size.width, size.height, { fit: 'fill' });
  // Evening a picture that keeps its size repeats its edge and leaves each of its pixels alone.
  else picture.extend({ right: width % 2, bottom: height % 2, extendWith: 'copy' });
  const { data, info } = await picture
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { rgb: data, width: info.width, height: info.height };
}

/** Even sides within 1920 × 1080, whichever way up, never larger than the picture but for evening. */
export function fittedSize(width: number, height: number) {
  const [boxWidth, boxHeight] = width >= height ? [LONG_SIDE, SHORT_SIDE] : [SHORT_SIDE, LONG_SIDE];
  const scale = Math.min(1, boxWidth / width, boxHeight / height);
  const even = (side: number) => Math.max(2, 2 * Math.round((side * scale) / 2));
  return { scale, width: even(width), height: even(height) };
}

/** The picture as a JPEG, without any metadata. */
export async function writePoster(frame: Frame, path: string): Promise<void> {
  await sharp(frame.rgb, { raw: { width: frame.width, height: frame.height, channels: 3 } })
    .jpeg({ quality: 88 })
    .toFile(path);
}
