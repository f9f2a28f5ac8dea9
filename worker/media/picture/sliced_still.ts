import { decoderConfig, splitUnits } from '../codec/h264.ts';
import { withHonestLevel } from '../codec/level.ts';
import { readSlice, type Slice } from '../codec/slices.ts';
import { machineError } from '../errors.ts';
import { command, runFfmpeg } from '../ffmpeg/ffmpeg.ts';
import type { Machine } from '../machine.ts';
import { rgbToYuv, tagged } from './bt709.ts';
import type { Frame } from './compose_frame.ts';
import { frameRate } from './picture_track.ts';
import { asGoodAsNeeded, type Encoded, similarityIn } from './still_track.ts';

/**
 * A still picture in slices of whole rows of blocks, some of which can be replaced with those of another
 * encode. They fit because nothing crosses their borders: no deblocking, no prediction within a frame, one
 * PPS.
 */
export type SlicedStill = {
  config: Buffer;
  /** The encoder's -qp; slices of another encode must use the same. */
  quantizer: number;
  keyBytes: number;
  /**
   * The slices of the key frame, of the frame after it, which may refine it, and of any frame that repeats
   * it.
   */
  key: Slice[];
  second: Slice[];
  repeat: Slice[];
  /** Whether a slice of the same encoder skips all its blocks. */
  isRepeat(slice: Slice): boolean;
};

/** Motion vectors reach 32 pixels, and sub-pixel interpolation three more. */
const blocksAcrossSlice = 3;
export const block = 16;
export const sliceHeight = blocksAcrossSlice * block;

/** The key frame, one that may refine it, and two that show how it is repeated. */
const frames = 4;

/**
 * Settings shared by both encodes, so that their slices fit. Coarser after the key frame, so that noise is
 * not coded again.
 */
export function slicedEncoder(width: number, quantizer: number, effort: 'still' | 'moving') {
  const sliceBlocks = blocksAcrossSlice * Math.ceil(width / block);
  const search = effort === 'moving' ? ':me=dia:merange=4:subme=1' : ':ssim=1';
  return [
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'high', '-threads', '1'],
    ...['-qp', `${quantizer + 6}`, '-bf', '0', '-refs', '1', '-g', '9999', '-x264-params'],
    `stitchable=1:slice-max-mbs=${sliceBlocks}:mvrange=32:scenecut=0:ipratio=2:psy=0:mbtree=0:weightp=0:no-deblock=1:force-cfr=1:rc-lookahead=0${search}`,
    ...[...tagged, '-f', 'h264'],
  ];
}

/** @param room how many times the bytes of the key frame a decoder must be able to take */
export function encodeSlicedStill(
  machine: Machine,
  frame: Frame,
  room: number,
): Promise<SlicedStill> {
  return asGoodAsNeeded((quantizer) => encode(machine, frame, room, quantizer));
}

async function encode(
  machine: Machine,
  { rgb, width, height }: Frame,
  room: number,
  quantizer: number,
): Promise<Encoded<SlicedStill>> {
  const { code, stdout, stderr } = await runFfmpeg(
    command()
      .input('pipe:0')
      .inputOptions(['-f', 'rawvideo', '-pixel_format', 'rgb24', '-framerate', `${frameRate}`])
      .inputOptions(['-video_size', `${width}x${height}`])
      .output('pipe:1')
      .videoFilters([...rgbToYuv, `loop=${frames - 1}:1`])
      .outputOptions(slicedEncoder(width, quantizer, 'still')),
    {
      ...machine,
      limitSeconds: 60,
      stdin: rgb,
      verbosity: 'info',
    },
  );
  if (code !== 0) throw machineError(stderr);
  const similarity = similarityIn(stderr);
  const still = readSlicedStill(stdout, quantizer);
  if (!still) return { similarity, isTooHeavy: false };
  const size = { width, height, framesPerSecond: frameRate, heaviest: room * still.keyBytes };
  const config = withHonestLevel(still.config, size);
  return { still: config && { ...still, config }, similarity, isTooHeavy: !config };
}

/** Undefined when the frames after the second do more than repeat it. */
function readSlicedStill(stream: Buffer, quantizer: number): SlicedStill | undefined {
  const units = splitUnits(stream);
  const ofType = (type: number) => units.find((unit) => ((unit[0] ?? 0) & 31) === type);
  const [sequence, picture] = [ofType(7), ofType(8)];
  const slices = units.map(readSlice).filter((slice) => slice !== undefined);
  const count = slices.length / frames;
  const [key = [], second = [], repeat = []] = [0, 1, 2].map((i) =>
    slices.slice(i * count, (i + 1) * count),
  );
  const repeats = new Set(slices.slice(2 * count).map(signature));
  if (!sequence || !picture || !Number.isInteger(count) || !areRepeats(repeats)) return undefined;
  const config = decoderConfig(sequence, picture);
  const keyBytes = key.reduce((sum, { payload }) => sum + payload.length, 0);
  return {
    config,
    keyBytes,
    quantizer,
    key,
    second,
    repeat,
    isRepeat: (slice) => repeats.has(signature(slice)),
  };
}

const signature = ({ payload }: Slice) => payload.toString('hex');

/**
 * Skipping all blocks takes the same few bytes in every slice, except in the last one of a frame, which may
 * have fewer blocks, and except for one bit after the last block, in which x264 leaves its mark.
 */
const areRepeats = (repeats: Set<string>) =>
  repeats.size <= 4 && [...repeats].every((payload) => payload.length <= 32);
