import sharp from 'sharp';
import type { ImageType } from '../../../src/media_type.ts';
import { blurredCopy, edgeColour, plainColour } from './backdrop.ts';
import { type Canvas, detailedLayout, type Layout, layoutOn, type Size } from './canvas.ts';
import { decodePicture, openPicture } from './decode/decode_picture.ts';
import { isBig } from './decode/memory.ts';
import { flattened, type Pixels } from './pixels.ts';

/**
 * The background behind a transparent picture, which logos and drawings with an alpha channel are made for.
 */
const behind = '#ffffff';
const bars = '#000000';

/** The picture on its canvas or a larger one, opaque sRGB: `rgb` holds width × height × 3 bytes, both sides even. */
export type Frame = Size & {
  rgb: Buffer;
  /** The original picture: its upright size, and whether anything was put behind its transparent pixels. */
  source: Size & { transparent: boolean };
  /** The canvas, smaller than the frame where `detail` was asked for and the picture has it. */
  canvas: Size;
  /** Pixels of the canvas per pixel of the picture: above 2, the picture is smaller than half its canvas. */
  scale: number;
};

export type ComposeLimits = {
  /** Of the largest picture. Default 100. */
  maxMegapixels?: number;
  /** Whether no other big picture is being decoded. Default true; if false, a big one is a NotAlone. */
  alone?: boolean;
};

/** The picture takes so much memory that it must be decoded while no other big one is. */
export class NotAlone extends Error {}

/** Decodes the (first) picture of a JPEG, PNG or WebP file and places it on the canvas. Throws MediaError. */
export async function composeFrame(
  path: string,
  type: ImageType,
  canvas: Canvas,
  { maxMegapixels = 100, alone = true }: ComposeLimits = {},
): Promise<Frame> {
  const picture = await openPicture(path, type, maxMegapixels);
  if (!alone && isBig(picture.facts)) throw new NotAlone();
  const layout = detailedLayout(canvas, picture);
  const rgb = await composed(canvas, layout, (behind) => decodePicture(picture, layout, behind));
  const { width, height, transparent } = picture;
  return { rgb, ...frameOn(canvas, { width, height, transparent }) };
}

/** The frame of such a picture on the canvas, but for its pixels. */
export function frameOn(canvas: Canvas, source: Frame['source']): Omit<Frame, 'rgb'> {
  const onCanvas = layoutOn(canvas, source);
  const { width, height } = detailedLayout(canvas, source);
  return {
    ...{ width, height, source, scale: onCanvas.scale },
    canvas: { width: onCanvas.width, height: onCanvas.height },
  };
}

async function composed(
  canvas: Canvas,
  layout: Layout,
  decode: (behind: string | undefined) => Promise<Pixels>,
): Promise<Buffer> {
  const ofEdge = canvas.background === 'auto';
  const decoded = await decode(ofEdge ? undefined : (canvas.background ?? behind));
  const edge = ofEdge ? (edgeColour(decoded, layout) ?? behind) : undefined;
  const shown = edge ? flattened(decoded, edge) : decoded;
  if (shown.width === layout.width && shown.height === layout.height) return shown.data;
  const backdrop =
    canvas.fit === 'blur'
      ? await blurredCopy(shown, layout)
      : plainColour(edge ?? canvas.background ?? bars, layout);
  lay(shown, backdrop, layout);
  return backdrop;
}

/** Copies the picture's rows to their place. */
function lay(picture: Pixels, onto: Buffer, { width, left, top }: Layout): void {
  const rowBytes = 3 * picture.width;
  for (let row = 0; row < picture.height; row++) {
    const from = row * rowBytes;
    picture.data.copy(onto, 3 * ((top + row) * width + left), from, from + rowBytes);
  }
}

/** The frame at the size of its canvas. */
export async function atCanvasSize(frame: Frame): Promise<Frame> {
  const { rgb, width, height, canvas } = frame;
  if (width === canvas.width && height === canvas.height) return frame;
  const resized = sharp(rgb, { raw: { width, height, channels: 3 } });
  return {
    ...frame,
    ...canvas,
    rgb: await resized
      .resize({ ...canvas, fit: 'fill' })
      .raw()
      .toBuffer(),
  };
}

/** The frame as a JPEG, without any metadata. */
export async function writePoster(frame: Frame, path: string): Promise<void> {
  await sharp(frame.rgb, { raw: { width: frame.width, height: frame.height, channels: 3 } })
    .jpeg({ quality: 88 })
    .toFile(path);
}
