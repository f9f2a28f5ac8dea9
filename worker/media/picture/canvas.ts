/** What the video is drawn on, from the options that recipe.ts reads. */
export type Canvas = {
  /** Width : height, or the picture's own ratio. */
  ratio: 'source' | readonly [number, number];
  /** Pixels of the shorter side: 720, 1080, 1440 or 2160. */
  shortSide: number;
  /**
   * What to do with a picture of another ratio: add bars, crop from the centre, or put a blurred copy behind
   * it.
   */
  fit: 'contain' | 'cover' | 'blur';
  /**
   * `#rrggbb`, or the colour of the picture's edge. Unset: black bars, and white behind transparent pictures.
   */
  background?: string;
  /** Compose up to this many times the canvas' sides where the picture has the pixels, for motion. Default 1. */
  detail?: number;
};

export const plainCanvas: Canvas = { ratio: 'source', shortSide: 1080, fit: 'contain' };

export type Size = { width: number; height: number };

/** The position of everything, in pixels of the canvas. */
export type Layout = Size & {
  /** The picture is scaled to this size; it is larger than the canvas when it is cropped. */
  picture: Size;
  /** Where the scaled picture's corner is on the canvas; negative when it is cropped. */
  left: number;
  top: number;
  /** Pixels of the canvas per pixel of the picture: 1 = unchanged. */
  scale: number;
};

/** The layout on a canvas enlarged as far as `detail` allows and the picture has pixels for. */
export function detailedLayout(canvas: Canvas, picture: Size): Layout {
  const plain = layoutOn(canvas, picture);
  const more = Math.min(canvas.detail ?? 1, 1 / plain.scale);
  return more > 1 ? layoutOn({ ...canvas, shortSide: canvas.shortSide * more }, picture) : plain;
}

/**
 * Bars thinner than this share of their side are closed by stretching. Nobody sees the stretching, but a
 * hairline shows.
 */
const hairline = 0.005;

export function layoutOn(canvas: Canvas, picture: Size): Layout {
  if (canvas.ratio === 'source') return fitted(picture, canvas.shortSide);
  const size = canvasSize(canvas.ratio, canvas.shortSide);
  const scales = [size.width / picture.width, size.height / picture.height] as const;
  const scale = canvas.fit === 'cover' ? Math.max(...scales) : Math.min(...scales);
  const scaled = {
    width: scaledSide(picture.width * scale, size.width),
    height: scaledSide(picture.height * scale, size.height),
  };
  return {
    ...size,
    picture: scaled,
    left: centred(scaled.width, size.width),
    top: centred(scaled.height, size.height),
    scale,
  };
}

/** Exactly the ratio, both sides even: 4:5 at 1080 is 1080 × 1350. */
export function canvasSize([across, down]: readonly [number, number], shortSide: number): Size {
  const unit = shortSide / Math.min(across, down);
  return { width: even(across * unit), height: even(down * unit) };
}

/** Within 16:9 or 9:16 of that shorter side, and never larger than the picture except to make sides even. */
function fitted(picture: Size, shortSide: number): Layout {
  const longSide = Math.round((shortSide * 16) / 9);
  const [width, height] =
    picture.width >= picture.height ? [longSide, shortSide] : [shortSide, longSide];
  const scale = Math.min(1, width / picture.width, height / picture.height);
  const size = { width: even(picture.width * scale), height: even(picture.height * scale) };
  return { ...size, picture: size, left: 0, top: 0, scale };
}

function scaledSide(length: number, side: number): number {
  return Math.abs(length - side) < hairline * side ? side : even(length);
}

/** Even, so that a bar ends between two chroma samples and not within one. */
function centred(length: number, side: number): number {
  return 2 * Math.trunc((side - length) / 4);
}

function even(length: number): number {
  return Math.max(2, 2 * Math.round(length / 2));
}
