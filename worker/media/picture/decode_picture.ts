import sharp, { type Sharp } from 'sharp';
import type { ImageType } from '../../../src/media_type.ts';
import { MediaError } from '../errors.ts';
import type { Layout, Size } from './canvas.ts';

/** 100 megapixels: what a picture may hold before anything of it is decoded. */
const MAX_PIXELS = 100_000_000;

// One picture is decoded once: a cache would only hold memory.
sharp.cache(false);

/** A picture whose head has been read: its upright size in pixels, and what decodes it. */
export type Picture = Size & { transparent: boolean; decoder: Sharp };

/** Rows of pixels without padding: `channels` bytes for each, red, green, blue and, with four, alpha. */
export type Pixels = Size & { data: Buffer; channels: number };

/** Reads the head of the (first) picture of a JPEG, PNG or WebP file. Throws MediaError. */
export async function openPicture(path: string, type: ImageType): Promise<Picture> {
  return orMediaError(async () => {
    // Phones write JPEGs that libvips warns about and everyone shows: only real errors count.
    const decoder = sharp(path, {
      limitInputPixels: MAX_PIXELS,
      failOn: 'error',
      sequentialRead: true,
      autoOrient: true,
    });
    const facts = await decoder.metadata();
    if (`image/${facts.format}` !== type) throw new Error(`${facts.format} is not ${type}`);
    return { ...facts.autoOrient, transparent: facts.hasAlpha, decoder };
  });
}

/**
 * Decodes the picture upright, in sRGB, at the size it has in the layout, and cuts off what lies outside.
 * What is transparent shows this colour; unset, alpha stays a fourth channel. Throws MediaError.
 */
export async function decodePicture(
  picture: Picture,
  layout: Layout,
  behind: string | undefined,
): Promise<Pixels> {
  const { decoder, width, height } = picture;
  const { picture: scaled, left, top } = layout;
  if (behind) decoder.flatten({ background: behind });
  decoder.toColourspace('srgb');
  const [right, bottom] = [scaled.width - width, scaled.height - height];
  const evened = [right, bottom].every((more) => more === 0 || more === 1);
  // Evening a picture that keeps its size repeats its edge and leaves each of its pixels alone.
  if (evened) decoder.extend({ right, bottom, extendWith: 'copy' });
  else decoder.resize(scaled.width, scaled.height, { fit: 'fill' });
  if (left < 0 || top < 0) {
    const crop = { left: Math.max(0, -left), top: Math.max(0, -top) };
    const size = {
      width: Math.min(scaled.width, layout.width),
      height: Math.min(scaled.height, layout.height),
    };
    decoder.extract({ ...crop, ...size });
  }
  return orMediaError(async () => {
    const { data, info } = await decoder
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height, channels: info.channels };
  });
}

async function orMediaError<T>(decode: () => Promise<T>): Promise<T> {
  try {
    return await decode();
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
