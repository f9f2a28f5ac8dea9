import { readStill, STILL_FRAMES, type StillVideo } from '../codec/h264.ts';
import { machineError } from '../errors.ts';
import { command, runFfmpeg } from '../ffmpeg/ffmpeg.ts';
import type { Machine } from '../machine.ts';
import type { Frame } from './compose_frame.ts';
import { FRAME_RATE, type PictureTrack } from './picture_track.ts';

/** Quantizers to try in turn, until the picture is as good as it must be. */
const QUANTIZERS = [20, 15, 10];
/** Key frames make seeking quick and files big: one in 10 seconds, fewer where the picture is heavy. */
const KEY_SECONDS = { least: 10, most: 20 };
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
    const { stdout, stderr } = await encode(machine, frame, quantizer);
    const still = readStill(stdout, frame.width, frame.height);
    best = still ?? best;
    const similarity = Number(/SSIM Mean Y:([\d.]+)/.exec(stderr)?.[1] ?? 1);
    if (still && similarity >= GOOD_ENOUGH) break;
  }
  if (!best) throw machineError('x264 changed a still picture from frame to frame');
  return best;
}

async function encode(machine: Machine, frame: Frame, quantizer: number) {
  const ended = await runFfmpeg(
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
        'scenecut=0:ipratio=2:psy=0:mbtree=0:weightp=0:no-deblock=1:ssim=1',
      ])
      .outputOptions(['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'])
      .outputOptions(['-color_range', 'tv', '-f', 'h264']),
    {
      ffmpegPath: machine.ffmpegPath,
      signal: machine.signal,
      limitSeconds: 60,
      stdin: frame.rgb,
      verbosity: 'info',
    },
  );
  if (ended.code !== 0) throw machineError(ended.stderr);
  return ended;
}

/** The still picture as a track of so many frames: a key frame, then "as before", again and again. */
export function stillTrack(still: StillVideo, frames: number): PictureTrack {
  const { width, height, config, opening, cycle } = still;
  const distance = keyDistance(still);
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

/** Frames from one key frame to the next. */
function keyDistance({ opening }: StillVideo): number {
  const affordable = Math.ceil((opening[0]?.length ?? 0) / KEY_BYTES_PER_SECOND);
  return FRAME_RATE * Math.min(KEY_SECONDS.most, Math.max(KEY_SECONDS.least, affordable));
}
