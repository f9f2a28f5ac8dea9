import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mostBytes } from '../codec/level.ts';
import { machineError } from '../errors.ts';
import { command } from '../ffmpeg/ffmpeg.ts';
import type { Machine } from '../machine.ts';
import type { CaptionTrack } from '../mp4/movie.ts';
import type { Recipe } from '../recipe.ts';
import { rgbToYuv, tagged } from './bt709.ts';
import type { Size } from './canvas.ts';
import { drawCaptionLayer, writeCaptionList } from './captions/caption_layer.ts';
import type { Frame } from './compose_frame.ts';
import { cycleFrames, type Motion, motionFilter } from './motion.ts';
import { encodeFrames, type FrameRun } from './moving_frames.ts';
import { type MovingVideo, withLevel } from './moving_track.ts';
import { frameRate } from './picture_track.ts';
import { type MeasuredWaveform, masks } from './waveform.ts';
import { inkFilters, rawInput, scrimFilters, sizeOf } from './waveform_filters.ts';
import type { Scrim } from './waveform_scrim.ts';

/** What is visible at a time: the moving picture, and what is laid over it. */
export type Scene = {
  /** Larger than its canvas where motion comes near to its details. */
  frame: Frame;
  motion?: Motion;
  waveform?: MeasuredWaveform;
  /** Under the waveform, where the picture moves. */
  scrim?: Scrim;
  /** Burned into the picture, beside the waveform. */
  captions?: CaptionTrack;
};

const notSticky = 'no-fast-pskip=1:deadzone-inter=8';

/**
 * Bits per second at 1080p, and how they grow with the pixels. Files must be small enough to send and keep.
 */
const bitRateModel = { bits: 2_800_000, pixels: 1920 * 1080, exponent: 0.75 };

/**
 * Encodes every frame of the scene completely. For motion alone one cycle is enough, which is then repeated.
 */
export async function encodeScene(
  machine: Machine,
  scene: Scene,
  frames: number,
  keySeconds: Recipe['keySeconds'],
  onProgress: (fraction: number) => void,
): Promise<MovingVideo> {
  const { rgb, canvas } = scene.frame;
  const picture = join(machine.dir, 'scene.rgb');
  await writeFile(picture, rgb);
  const groupFrames = frameRate * keySeconds.least;
  const cycle = cycleFrames(groupFrames);
  const { waveform, captions, scrim } = scene;
  const scrimPath = join(machine.dir, 'scrim.gray');
  if (scrim) await writeFile(scrimPath, scrim.mask.pixels);
  const layer =
    captions && (await drawCaptionLayer(machine, captions, canvas, frames, waveform?.place));
  const encoded = await encodeFrames(machine, {
    frames: waveform || layer ? frames : Math.min(frames, cycle),
    groupFrames,
    onProgress,
    encoder: async (run) => ({
      command: sceneCommand(
        scene,
        {
          picture,
          scrim: scrimPath,
          captions: layer && (await writeCaptionList(machine, layer, run)),
        },
        run,
        groupFrames,
        cycle,
      ),
      stdin: waveform && masks(waveform, run),
    }),
  });
  const video = withLevel({ ...canvas, groupFrames, ...encoded });
  if (!video) throw machineError('a frame is beyond all levels, whatever the rate control');
  return video;
}

function sceneCommand(
  { frame, motion, waveform, scrim }: Scene,
  files: { picture: string; scrim: string; captions?: string },
  { from, to }: FrameRun,
  groupFrames: number,
  cycle: number,
) {
  // Equally smooth for half the work, which counts when it lasts as long as the sound.
  const interpolation = waveform || files.captions ? 'linear' : 'cubic';
  const moved = motion ? motionFilter(motion, from, cycle, interpolation, frame, frame.canvas) : [];
  const base = [...rgbToYuv, 'loop=-1:1', ...moved];
  const built = command()
    .input(files.picture)
    .inputOptions(rawInput('rgb24', sizeOf(frame)));
  const graph = [`[0:v]${base.join(',')}[base]`];
  let shown = '[base]';
  let inputs = 1;
  if (scrim) {
    built.input(files.scrim).inputOptions(rawInput('gray', sizeOf(scrim.place)));
    graph.push(...scrimFilters(scrim, shown, inputs++, '[shaded]'));
    shown = '[shaded]';
  }
  if (waveform) {
    built.input('pipe:0').inputOptions(rawInput('gray', sizeOf(waveform.place)));
    graph.push(...inkFilters(waveform, shown, inputs++, '[waved]'));
    shown = '[waved]';
  }
  if (files.captions) {
    built.input(files.captions).inputOptions(['-f', 'concat']);
    graph.push(
      `[${inputs}:v]format=rgba,${rgbToYuv[0]},format=yuva420p[captions]`,
      `${shown}[captions]overlay=format=yuv420[captioned]`,
    );
    shown = '[captioned]';
  }
  return built
    .complexFilter(graph)
    .output('pipe:1')
    .outputOptions(['-map', shown, '-frames:v', `${to - from}`])
    .outputOptions(sceneEncoder(frame.canvas, groupFrames));
}

function sceneEncoder({ width, height }: Size, groupFrames: number): string[] {
  const rate =
    bitRateModel.bits * ((width * height) / bitRateModel.pixels) ** bitRateModel.exponent;
  // A frame can take what the buffer holds.
  const buffer = Math.min(rate, 0.8 * 8 * mostBytes(width, height));
  return [
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'high', '-threads', '1'],
    ...['-crf', '19', '-maxrate', `${Math.round(rate)}`, '-bufsize', `${Math.round(buffer)}`],
    ...['-bf', '0', '-refs', '1', '-g', `${groupFrames}`, '-keyint_min', `${groupFrames}`],
    // Movement of less than a pixel must not be frozen to save bits, because it would shake.
    ...['-x264-params', `stitchable=1:scenecut=0:weightp=0:force-cfr=1:${notSticky}`],
    ...[...tagged, '-f', 'h264'],
  ];
}
