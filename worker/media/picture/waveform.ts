import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Slice } from '../codec/slices.ts';
import { machineError } from '../errors.ts';
import { command } from '../ffmpeg/ffmpeg.ts';
import type { Machine } from '../machine.ts';
import type { Recipe } from '../recipe.ts';
import type { AudioFile } from '../sound/decoders.ts';
import { rgbToYuv } from './bt709.ts';
import type { Size } from './canvas.ts';
import type { Frame } from './compose_frame.ts';
import { encodeFrames, type FrameRun } from './moving_frames.ts';
import { type MovingVideo, withLevel } from './moving_track.ts';
import { frameRate } from './picture_track.ts';
import { encodeSlicedStill, type SlicedStill, slicedEncoder, sliceHeight } from './sliced_still.ts';
import { secondsBetweenKeys } from './still_track.ts';
import { type Design, designOf } from './waveform_drawing.ts';
import { inkFilters, rawInput, sizeOf } from './waveform_filters.ts';
import { type Place, placeOf, type Waveform } from './waveform_layout.ts';
import { type Levels, measureLevels } from './waveform_levels.ts';

/** The slices of the picture that are coded again: those with the waveform, and some above and below. */
export type Strip = { from: number; to: number };

export function stripOf(place: Place, height: number, margin: Margin = 1): Strip {
  const from = Math.floor(place.y / sliceHeight) - margin;
  const to = Math.ceil((place.y + place.height) / sliceHeight) + margin;
  return { from: Math.max(0, from), to: Math.min(Math.ceil(height / sliceHeight), to) };
}

/**
 * Motion vectors reach into the next slice but not beyond. One slice is enough unless the second frame refines it, which
 * may lead out of the strip; with two, the outer one never moves, and the inner one may be refined.
 */
type Margin = 1 | 2;
class RefinedMargin extends Error {}

/** A waveform that is ready to be drawn. */
export type MeasuredWaveform = { place: Place; color: string; design: Design; levels: Levels };

/** Decodes the sound and decides everything except the picture behind it. */
export async function measureWaveform(
  machine: Machine,
  source: AudioFile,
  waveform: Waveform,
  { width, height }: Size,
  frames: number,
  onProgress: (fraction: number) => void,
): Promise<MeasuredWaveform> {
  const place = placeOf(waveform, width, height);
  const design = designOf(waveform.style, place, Math.min(width, height));
  const levels = await measureLevels(machine, source, design.bands, frames, onProgress);
  return { place, color: waveform.color, design, levels };
}

/** Encodes the picture with a waveform moving over it; of each frame, only the slices in which it moves. */
export async function encodeWaveform(
  machine: Machine,
  frame: Frame,
  waveform: MeasuredWaveform,
  keySeconds: Recipe['keySeconds'],
  onProgress: (fraction: number) => void,
  { room, margin }: { room: number; margin: Margin } = { room: usualRoom, margin: 1 },
): Promise<MovingVideo> {
  const { width, height } = frame;
  const again = (changed: { room: number; margin: Margin }) =>
    encodeWaveform(machine, frame, waveform, keySeconds, onProgress, changed);
  const still = await encodeSlicedStill(machine, frame, room);
  const strip = stripOf(waveform.place, height, margin);
  const base = join(machine.dir, 'strip.rgb');
  await writeFile(base, rowsOf(frame, strip));
  const groupFrames = frameRate * secondsBetweenKeys(still.keyBytes, keySeconds);
  const encoded = await encodeFrames(machine, {
    frames: waveform.levels.frames,
    groupFrames,
    onProgress,
    encoder: (run) => ({
      command: stripCommand(frame, base, strip, waveform, still, run, groupFrames),
      stdin: masks(waveform, run),
    }),
    complete: (coded, sinceKey) => stitch(still, strip, margin, coded, sinceKey),
  }).catch((error) => {
    if (error instanceof RefinedMargin) return undefined;
    throw error;
  });
  if (!encoded) return again({ room, margin: 2 });
  const { files } = encoded;
  const video = withLevel({ width, height, config: still.config, files, groupFrames });
  // Of noise, which is all that is this heavy, the coarser picture looks the same.
  return video ?? again({ room: 1.5 * room, margin });
}

/** The outlines of a waveform make a frame heavier than the picture alone. */
const usualRoom = 1.1;

/** The picture's rows in the strip; the last row repeats below it, as in a decoder. */
function rowsOf({ rgb, width, height }: Frame, { from, to }: Strip): Buffer {
  const row = (y: number) => rgb.subarray(y * width * 3, (y + 1) * width * 3);
  const top = from * sliceHeight;
  return Buffer.concat(
    Array.from({ length: stripHeight({ from, to }, height) }, (_, i) =>
      row(Math.min(height - 1, top + i)),
    ),
  );
}

/** In whole blocks. */
export function stripHeight({ from, to }: Strip, height: number): number {
  return Math.min(to * sliceHeight, 16 * Math.ceil(height / 16)) - from * sliceHeight;
}

/** The data for ffmpeg's stdin, frame by frame. */
export function* masks({ design, levels }: MeasuredWaveform, run: FrameRun): Generator<Uint8Array> {
  const draw = design.draw(levels);
  for (let frame = run.from; frame < run.to; frame++) yield draw(frame).pixels;
}

function stripCommand(
  { width, height }: Frame,
  base: string,
  strip: Strip,
  waveform: MeasuredWaveform,
  still: SlicedStill,
  { from, to }: FrameRun,
  groupFrames: number,
) {
  return command()
    .input(base)
    .inputOptions(rawInput('rgb24', `${width}x${stripHeight(strip, height)}`))
    .input('pipe:0')
    .inputOptions(rawInput('gray', sizeOf(waveform.place)))
    .complexFilter([
      `[0:v]${rgbToYuv.join(',')},loop=-1:1[base]`,
      ...inkFilters(waveform, '[base]', 1, '[out]', strip.from * sliceHeight),
    ])
    .output('pipe:1')
    .outputOptions(['-map', '[out]', '-frames:v', `${to - from}`])
    .outputOptions(['-force_key_frames', `expr:not(mod(n,${groupFrames}))`])
    .outputOptions(slicedEncoder(width, still.quantizer, 'moving'));
}

/** The strip's slices of one frame among those of the still picture. */
function stitch(
  still: SlicedStill,
  strip: Strip,
  margin: Margin,
  coded: Slice[],
  sinceKey: number,
): Slice[] {
  const around = [still.key, still.second][sinceKey] ?? still.repeat;
  if (coded.length !== strip.to - strip.from || coded[0]?.isKey !== (sinceKey === 0)) {
    throw machineError(`${coded.length} slices of the frame ${sinceKey} behind its key frame`);
  }
  // At an edge of the picture there is nothing to lead out to.
  const [above, below] = [strip.from > 0, strip.to < around.length];
  const at = (fromEdge: number) => [above && coded[fromEdge], below && coded.at(-1 - fromEdge)];
  const inner = at(margin - 1);
  const isRefined = sinceKey > 0 && inner.some((slice) => slice && !still.isRepeat(slice));
  if (isRefined && sinceKey > 1) throw machineError('x264 changed what lies around the waveform');
  if (isRefined && margin === 1) throw new RefinedMargin();
  const outer = margin === 2 && sinceKey > 0 ? at(0) : [];
  return around.map((slice, i) => {
    const own = coded[i - strip.from];
    if (own && outer.includes(own)) return still.repeat[i] as Slice;
    return own ? { ...own, firstBlock: slice.firstBlock } : slice;
  });
}
