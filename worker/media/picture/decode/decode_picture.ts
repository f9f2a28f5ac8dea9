import { readFile } from 'node:fs/promises';
import sharp, { type Metadata, type Sharp } from 'sharp';
import type { ImageType } from '../../../../src/media_type.ts';
import { MediaError } from '../../errors.ts';
import type { Layout, Size } from '../canvas.ts';
import { dithered, type Pixels, rgbOfCmyk } from '../pixels.ts';
import { type ColourWay, colourWay } from './colour_way.ts';
import { isGreedy, refuseGreedy } from './memory.ts';
import { refuseManyParts } from './parts.ts';
import { pngWithProfile } from './png_colour.ts';

// Each picture is decoded once, so a cache would only use memory.
sharp.cache(false);
// libvips decodes many formats that we do not accept (SVG, TIFF, HEIF, PDF …): none of them may be reachable.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadWebp'] });

/** A picture whose header has been read: its upright size in pixels, and how to decode it. */
export type Picture = Size & {
  transparent: boolean;
  source: Source;
  facts: Metadata;
  /** Whether it must be reduced, coarsely, while it is decoded, because it would take too much memory. */
  greedy: boolean;
};

type Source = string | Buffer;

/**
 * Reads the header of the (first) picture of a JPEG, PNG or WebP file. Throws MediaError, also when the
 * picture has more than this many megapixels.
 */
export async function openPicture(
  path: string,
  type: ImageType,
  maxMegapixels: number,
): Promise<Picture> {
  await refuseManyParts(path, type);
  return orMediaError(async () => {
    const source = (type === 'image/png' && (await pngWithProfile(path))) || path;
    const facts = await decoder(source).metadata();
    if (`image/${facts.format}` !== type) throw new Error(`${facts.format} is not ${type}`);
    refuseGreedy(facts, maxMegapixels);
    const greedy = isGreedy(facts, maxMegapixels);
    return { ...facts.autoOrient, transparent: facts.hasAlpha, source, facts, greedy };
  });
}

/**
 * Decodes the picture upright, in sRGB, at its size in the layout, and crops what lies outside. Transparent
 * areas show this colour; if it is unset, alpha stays a fourth channel. Throws MediaError.
 */
export async function decodePicture(
  picture: Picture,
  layout: Layout,
  behind: string | undefined,
): Promise<Pixels> {
  const { source, facts } = picture;
  const way = colourWay(facts);
  const decode = (from: Source, failOn: FailOn) => {
    const sized = placed(decoder(from, failOn, way.profileLast), picture, layout);
    if (behind) sized.flatten({ background: behind });
    return read(sized, way);
  };
  return orMediaError(() =>
    facts.format === 'jpeg' ? tolerant(source, decode) : decode(source, 'error'),
  );
}

type FailOn = 'error' | 'warning';

function decoder(source: Source, failOn: FailOn = 'error', ignoreIcc = false): Sharp {
  return sharp(source, {
    // The size was checked when the header was read.
    limitInputPixels: false,
    failOn,
    ignoreIcc,
    sequentialRead: true,
    autoOrient: true,
  });
}

const endOfImage = Buffer.from([0xff, 0xd9]);

/** Decodes a JPEG despite errors that lose no pixels, and fails when rows are missing. */
async function tolerant<T>(
  source: Source,
  decode: (from: Source, failOn: FailOn) => Promise<T>,
): Promise<T> {
  try {
    return await decode(source, 'warning');
  } catch (error) {
    const message = String(error);
    // Its last marker is missing, and perhaps more. With the marker in place, only missing rows are reported.
    if (message.includes('premature end of JPEG') && typeof source === 'string')
      return tolerant(Buffer.concat([await readFile(source), endOfImage]), decode);
    if (message.includes('premature end of')) throw error;
    // Phones write JPEGs that libjpeg warns about and everyone shows.
    return decode(source, 'error');
  }
}

/**
 * Reduced with Lanczos' kernel, enlarged with a cubic one, on the values and not on linear light, as browsers
 * do it: in linear light, thin dark lines and text fade and bright edges grow halos. Reduction by the
 * decoders themselves shows moiré: of what should have vanished from a zone plate, libwebp's scaler leaves a
 * quarter of the contrast, this one 1 to 5 %.
 */
function placed(decoder: Sharp, picture: Picture, layout: Layout): Sharp {
  const { width, height, greedy } = picture;
  const { picture: scaled, left, top } = layout;
  const [right, bottom] = [scaled.width - width, scaled.height - height];
  const evened = [right, bottom].every((more) => more === 0 || more === 1);
  // When a picture keeps its size, making its sides even repeats its edge and leaves every pixel unchanged.
  if (evened) decoder.extend({ right, bottom, extendWith: 'copy' });
  else decoder.resize(scaled.width, scaled.height, { fit: 'fill', fastShrinkOnLoad: greedy });
  if (left < 0 || top < 0) {
    decoder.extract({
      left: Math.max(0, -left),
      top: Math.max(0, -top),
      width: Math.min(scaled.width, layout.width),
      height: Math.min(scaled.height, layout.height),
    });
  }
  return decoder;
}

async function read(decoder: Sharp, way: ColourWay): Promise<Pixels> {
  if (way.pipelineColourspace) decoder.pipelineColourspace(way.pipelineColourspace);
  if (way.profileLast) decoder.withIccProfile('srgb');
  const { data, info } = await decoder
    .toColourspace(way.toColourspace)
    .raw({ depth: way.toColourspace === 'rgb16' ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const pixels = { data, width: info.width, height: info.height, channels: info.channels };
  if (way.toColourspace === 'srgb') return pixels;
  return way.toColourspace === 'cmyk' ? rgbOfCmyk(pixels) : dithered(pixels);
}

async function orMediaError<T>(decode: () => Promise<T>): Promise<T> {
  try {
    return await decode();
  } catch (error) {
    if (error instanceof MediaError) throw error;
    throw new MediaError(
      'The image could not be read: it is damaged or incomplete. Export it again and upload the new file.',
      { cause: error },
    );
  }
}
