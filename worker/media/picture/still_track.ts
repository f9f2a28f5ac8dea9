import { readStill, STILL_FRAMES, type StillVideo } from '../codec/h264.ts';
import { withHonestLevel } from '../codec/level.ts';
import { machineError } from '../errors.ts';
import { command, runFfmpeg } from '../ffmpeg/ffmpeg.ts';
import type { Machine } from '../machine.ts';
import type { Recipe } from '../recipe.ts';
import type { Frame } from './compose_frame.ts';
import { FRAME_RATE, type PictureTrack } from './picture_track.ts';

type KeySeconds = Recipe['keySeconds'];

/** Quantizers to try in turn, until the picture is as good as it must be. */
const QUANTIZERS = [20, 15, 10];
/** For pictures that are too heavy for a decoder even so: noise, mostly, of which nobody misses a grain. */
const COARSER_QUANTIZERS = [24, 28, 33, 39, 45];
/** What key frames may take of a second, within the limits of the recipe. */
const KEY_BYTES_PER_SECOND = 40_000;
/** Structural similarity of the luma. Only pictures full of faint grain need more than the first quantizer. */
const GOOD_ENOUGH = 0.985;

/**
 * Encodes the picture once, as a key frame and frames that only say "as before".
 * A coarser quantizer for these (ipratio 2 = 6 steps) and no deblocking leave them nothing to correct.
 */
export async function encodeStill(machine: Machine, frame: Frame): Promise<StillVideo> {
  let best: StillVideo | undefined;
  for (const quantizer of QUANTIZERS) {
    const { still, similarity, isTooHeavy } = await encode(machine, frame, quantizer);
    if (isTooHeavy) break;
    best = still ?? best;
    if (still && similarity >= GOOD_ENOUGH) break;
  }
  for (const quantizer of COARSER_QUANTIZERS) {
    best ??= (await encode(machine, frame, quantizer)).still;
  }
  if (!best) throw machineError('x264 changed a still picture from frame to frame');
  return best;
}

type Encoded = { still?: StillVideo; similarity: number; isTooHeavy: boolean };

async function encode(machine: Machine, frame: Frame, quantizer: number): Promise<Encoded> {
  const { code, stdout, stderr } = await runFfmpeg(
    command()
      .input('pipe:0')
      .inputOptions(['-f', 'rawvideo', '-pixel_format', 'rgb24', '-framerate', `${FRAME_RATE}`])
      .inputOptions(['-video_size', `${frame.width}x${frame.height}`])
      .output('pipe:1')
      .videoFilters([
        'scale=in_range=pc:out_range=tv:out_color_matrix=bt709:flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp',
        'format=yuv420p',
        `loop=${STILL_FRAMES - 1}:1`,
      ])
      .outputOptions([
        '-c:v',
        'libx264',
        '-preset',
        'veryfast',
        '-profile:v',
        'high',
        '-threads',
        '1',
      ])
      .outputOptions(['-qp', `${quantizer + 6}`, '-bf', '0', '-refs', '1', '-g', '250'])
      .outputOptions([
        '-x264-params',
        'scenecut=0:ipratio=2:psy=0:mbtree=0:weightp=0:no-deblock=1:force-cfr=1:ssim=1',
      ])
      .outputOptions(['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'])
      .outputOptions(['-color_range', 'tv', '-f', 'h264']),
    {
      ...machine,
      limitSeconds: 60,
      stdin: frame.rgb,
      verbosity: 'info',
    },
  );
  if (code !== 0) throw machineError(stderr);
  const still = readStill(stdout, frame.width, frame.height);
  const similarity = Number(/SSIM Mean Y:([\d.]+)/.exec(stderr)?.[1] ?? 1);
  if (!still) return { similarity, isTooHeavy: false };
  const heaviest = Math.max(...still.opening.map((packet) => packet.length));
  const config = withHonestLevel(still.config, {
    ...still,
    framesPerSecond: FRAME_RATE,
    heaviest,
  });
  return { still: config && { ...still, config }, similarity, isTooHeavy: !config };
}

/** The still picture as a track of so many frames: a key frame, then "as before", again and again. */
export function stillTrack(
  still: StillVideo,
  frames: number,
  keySeconds: KeySeconds,
): PictureTrack {
  const { width, height, config, opening, cycle } = still;
  const distance = FRAME_RATE * secondsBetweenKeys(opening[0]?.length ?? 0, keySeconds);
  const packet = (frame: number): Buffer => {
    const sinceKey = frame % distance;
    return opening[sinceKey] ?? (cycle[(sinceKey - opening.length) % cycle.length] as Buffer);
  };
  // A second that is asked for once is asked for again at the same place after the next key frame.
  const known = new Map<string, Buffer>();
  return {
    width,
    height,
    config,
    frames,
    isKey: (frame) => frame % distance === 0,
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

/** Whole seconds from one key frame of so many bytes to the next. */
export function secondsBetweenKeys(keyBytes: number, { least, most }: KeySeconds): number {
  return Math.min(most, Math.max(least, Math.ceil(keyBytes / KEY_BYTES_PER_SECOND)));
}
