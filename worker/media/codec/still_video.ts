import { decoderConfig, nal, splitUnits, withLength } from './h264.ts';
import { readSlice, type Slice, writeSlice } from './slices.ts';

/** A still picture as H.264, and the packets that repeat it for any length of time. */
export type StillVideo = {
  width: number;
  height: number;
  /** Size of the key frame; the others have 6 more. */
  quantizer: number;
  /** The AVCDecoderConfigurationRecord. */
  config: Buffer;
  /** The packets of one group of pictures until they start to repeat; the first is the key frame. */
  opening: Buffer[];
  /** The packets that follow in a cycle. */
  cycle: Buffer[];
};

/** `frame_num` has four bits here, so "nothing has changed" is coded in sixteen ways, in turn. */
export const orderCycle = 16;

/** How many frames `readStill` needs: the picture, one that may refine it, and two that show how it is repeated. */
export const stillFrames = 4;

/**
 * Reads the byte stream of an encoder that was given the same picture `stillFrames` times, and numbers the last
 * frame anew for each way to repeat it. Undefined when the frames after the second do more than repeat it.
 */
export function readStill(
  stream: Buffer,
  facts: Pick<StillVideo, 'width' | 'height' | 'quantizer'>,
): StillVideo | undefined {
  const units = splitUnits(stream);
  const ofType = (type: number) => units.filter((unit) => ((unit[0] ?? 0) & 31) === type);
  const [sequence, ...otherSequences] = ofType(nal.sequence);
  const [picture, ...otherPictures] = ofType(nal.picture);
  const frames = [...ofType(nal.keySlice), ...ofType(nal.slice)];
  if (!sequence || !picture || otherSequences.length + otherPictures.length > 0) return undefined;
  if (ofType(nal.keySlice).length !== 1 || frames.length !== stillFrames) return undefined;
  const opening = frames.slice(0, 2);
  const [repeat, again] = frames.slice(2).map(readSlice);
  if (!repeat || !again || !isRepeat(repeat, again)) return undefined;
  const cycle = Array.from({ length: orderCycle }, (_, i) => writeSlice(repeat, 2 + i, 0));
  return {
    ...facts,
    config: decoderConfig(sequence, picture),
    opening: opening.map(withLength),
    cycle: cycle.map(withLength),
  };
}

/** Skipping every block is coded alike each time, except for one bit at the end, in which x264 leaves its mark. */
const isRepeat = ({ payload }: Slice, next: Slice): boolean =>
  payload.subarray(0, -1).equals(next.payload.subarray(0, -1));
