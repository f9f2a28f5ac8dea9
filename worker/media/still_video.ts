import { machineError } from './errors.ts';
import { command, runFfmpeg } from './ffmpeg.ts';
import { readStill, STILL_FRAMES, type StillVideo } from './h264.ts';
import type { MakeVideoOptions } from './make_video.ts';
import { FRAME_RATE } from './movie_plan.ts';
import type { Frame } from './picture.ts';

/** Quantizers to try in turn, until the picture is as good as it must be. */
const QUANTIZERS = [20, 15, 10];
/** Structural similarity of the luma. Only pictures full of faint grain need more than the first quantizer. */
const GOOD_ENOUGH = 0.985;

/**
 * Encodes the picture once, as a key frame and frames that only say "as before".
 * A coarser quantizer for these (ipratio 2 = 6 steps) and no deblocking leave them nothing to correct.
 */
export async function encodeStill(o: MakeVideoOptions, frame: Frame): Promise<StillVideo> {
  let best: StillVideo | undefined;
  for (const quantizer of QUANTIZERS) {
    const { stdout, stderr } = await encode(o, frame, quantizer);
    const still = readStill(stdout, frame.width, frame.height);
    best = still ?? best;
    const similarity = Number(/SSIM Mean Y:([\d.]+)/.exec(stderr)?.[1] ?? 1);
    if (still && similarity >= GOOD_ENOUGH) break;
  }
  if (!best) throw machineError('x264 changed a still picture from frame to frame');
  return best;
}

async function encode(o: MakeVideoOptions, frame: Frame, quantizer: number) {
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
      ffmpegPath: o.ffmpegPath,
      signal: o.signal,
      limitSeconds: 60,
      stdin: frame.rgb,
      verbosity: 'info',
    },
  );
  if (ended.code !== 0) throw machineError(ended.stderr);
  return ended;
}
