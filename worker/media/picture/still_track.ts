import { withHonestLevel } from '../codec/level.ts';
import { readStill, type StillVideo, stillFrames } from '../codec/still_video.ts';
import { machineError } from '../errors.ts';
import { command, type Run, runFfmpeg } from '../ffmpeg/ffmpeg.ts';
import type { Machine } from '../machine.ts';
import type { Recipe } from '../recipe.ts';
import { rgbToYuv, tagged } from './bt709.ts';
import type { Frame } from './compose_frame.ts';
import { frameRate, type PictureTrack } from './picture_track.ts';

/** The visible part of a frame, without the facts about its source. */
type Shown = Pick<Frame, 'rgb' | 'width' | 'height'>;
type KeySeconds = Recipe['keySeconds'];

/** Quantizers to try in turn until the picture is good enough. */
const quantizers = [20, 15, 10];
/** For pictures that are still too heavy for a decoder: mostly noise, of which nobody misses a grain. */
const coarserQuantizers = [24, 28, 33, 39, 45];
/** How many bytes per second key frames may take, within the limits of the recipe. */
const keyBytesPerSecond = 40_000;
/**
 * Structural similarity of the luma. Only pictures full of faint grain need more than the first quantizer.
 */
const goodEnough = 0.985;

/**
 * Encodes the picture once, as a key frame and frames that only say "as before". A coarser quantizer for
 * these (ipratio 2 = 6 steps) and no deblocking leave them nothing to correct.
 */
export function encodeStill(machine: Machine, frame: Shown): Promise<StillVideo> {
  return asGoodAsNeeded((quantizer) => encode(machine, frame, quantizer));
}

/** Encodes repeatedly until the picture is both good and light enough. */
export async function asGoodAsNeeded<Still>(
  encode: (quantizer: number) => Promise<Encoded<Still>>,
): Promise<Still> {
  let best: Still | undefined;
  for (const quantizer of quantizers) {
    const { still, similarity, isTooHeavy } = await encode(quantizer);
    if (isTooHeavy) break;
    best = still ?? best;
    if (still && similarity >= goodEnough) break;
  }
  for (const quantizer of coarserQuantizers) {
    best ??= (await encode(quantizer)).still;
  }
  if (!best) throw machineError('x264 changed a still picture from frame to frame');
  return best;
}

/**
 * `still` is missing when x264 changed the picture from frame to frame, or when it is too heavy for any
 * decoder.
 */
export type Encoded<Still> = { still?: Still; similarity: number; isTooHeavy: boolean };

/** Key frames with this quantizer, and frames that leave alone what does not change. */
export const stillEncoder = (quantizer: number, ...more: string[]) => [
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'high', '-threads', '1'],
  ...['-qp', `${quantizer + 6}`, '-bf', '0', '-refs', '1', '-g', '250', '-x264-params'],
  ['scenecut=0:ipratio=2:psy=0:mbtree=0:weightp=0:no-deblock=1:force-cfr=1', ...more].join(':'),
  ...[...tagged, '-f', 'h264'],
];

async function encode(
  machine: Machine,
  frame: Shown,
  quantizer: number,
): Promise<Encoded<StillVideo>> {
  const encoding = (input: number) =>
    command()
      .input('pipe:0')
      .inputOptions(['-f', 'rawvideo', '-pixel_format', 'rgb24', '-framerate', `${frameRate}`])
      .inputOptions(['-video_size', `${frame.width}x${frame.height}`])
      .output('pipe:1')
      .videoFilters([...rgbToYuv, `loop=${stillFrames - 1}:1`])
      .outputOptions(['-map', `${input}:v:0`, ...stillEncoder(quantizer, 'ssim=1')]);
  const run: Run = { ...machine, limitSeconds: 60, stdin: frame.rgb, verbosity: 'info' };
  const { code, stdout, stderr } = await (machine.sharedRun?.picture(encoding, run) ??
    runFfmpeg(encoding(0), run));
  if (code !== 0) throw machineError(stderr);
  const still = readStill(stdout, { width: frame.width, height: frame.height, quantizer });
  const similarity = similarityIn(stderr);
  if (!still) return { similarity, isTooHeavy: false };
  const heaviest = Math.max(...still.opening.map((packet) => packet.length));
  const config = withHonestLevel(still.config, {
    ...still,
    framesPerSecond: frameRate,
    heaviest,
  });
  return { still: config && { ...still, config }, similarity, isTooHeavy: !config };
}

/** What x264 reports with ssim=1. */
export const similarityIn = (stderr: string): number =>
  Number(/SSIM Mean Y:([\d.]+)/.exec(stderr)?.[1] ?? 1);

/** The still picture as a track of this many frames: a key frame, then "as before", again and again. */
export function stillTrack(
  still: StillVideo,
  frames: number,
  keySeconds: KeySeconds,
): PictureTrack {
  const { width, height, config, opening, cycle } = still;
  const distance = framesBetweenKeys(still, keySeconds);
  const packet = (frame: number): Buffer => {
    const sinceKey = frame % distance;
    return opening[sinceKey] ?? (cycle[(sinceKey - opening.length) % cycle.length] as Buffer);
  };
  // The same second recurs at the same place after the next key frame.
  const known = new Map<string, Buffer>();
  return {
    width,
    height,
    config,
    frames,
    isKey: (frame) => frame % distance === 0,
    groupsAreAlike: true,
    size: (frame) => packet(frame).length,
    read: (from, to) => {
      const place = `${from % distance} ${to - from}`;
      const bytes =
        known.get(place) ??
        Buffer.concat(Array.from({ length: to - from }, (_, i) => packet(from + i)));
      known.set(place, bytes);
      return [bytes];
    },
  };
}

export const framesBetweenKeys = ({ opening }: StillVideo, keySeconds: KeySeconds): number =>
  frameRate * secondsBetweenKeys(opening[0]?.length ?? 0, keySeconds);

/** Whole seconds from one key frame of this many bytes to the next. */
export function secondsBetweenKeys(keyBytes: number, { least, most }: KeySeconds): number {
  return Math.min(most, Math.max(least, Math.ceil(keyBytes / keyBytesPerSecond)));
}
