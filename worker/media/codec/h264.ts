/** Facts of H.264 (ISO/IEC 14496-10) that repeating its packets needs. */

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

export const nal = { slice: 1, keySlice: 5, sequence: 7, picture: 8 };

/** `frame_num` has four bits here, so "nothing has changed" is coded in sixteen ways, in turn. */
export const orderCycle = 16;

/** How many frames `readStill` needs: the picture, one that may refine it, and each way to repeat it. */
export const stillFrames = 2 + orderCycle;

/**
 * Reads the byte stream of an encoder that was given the same picture STILL_FRAMES times. Returns undefined
 * when the frames after the second do more than repeat it.
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
  const cycle = frames.slice(-orderCycle);
  // Skipping every block takes the same few bytes each time, except for bytes that prevent false start codes.
  const lengths = cycle.map((unit) => withoutEscapes(unit));
  if (Math.max(...lengths) !== Math.min(...lengths)) return undefined;
  const packets = frames.map(withLength);
  return {
    ...facts,
    config: decoderConfig(sequence, picture),
    opening: packets.slice(0, -orderCycle),
    cycle: packets.slice(-orderCycle),
  };
}

/** The NAL units between the start codes of a byte stream (Annex B). */
export function splitUnits(stream: Buffer): Buffer[] {
  const units: Buffer[] = [];
  let start = -1;
  for (let at = stream.indexOf(startCode); at >= 0; at = stream.indexOf(startCode, at + 3)) {
    if (start >= 0) units.push(trimmed(stream.subarray(start, at)));
    start = at + 3;
  }
  if (start >= 0) units.push(trimmed(stream.subarray(start)));
  return units;
}

export const startCode = Buffer.from([0, 0, 1]);

/** Zeros after a unit belong to the next start code. */
function trimmed(unit: Buffer): Buffer {
  let end = unit.length;
  while (end > 0 && unit[end - 1] === 0) end--;
  return unit.subarray(0, end);
}

function withoutEscapes(unit: Buffer): number {
  let escapes = 0;
  for (let at = unit.indexOf(emulation); at >= 0; at = unit.indexOf(emulation, at + 3)) escapes++;
  return unit.length - escapes;
}

const emulation = Buffer.from([0, 0, 3]);

/** A unit in MP4 format: its length, then its bytes. */
export function withLength(unit: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(unit.length);
  return Buffer.concat([head, unit]);
}

export function decoderConfig(sequence: Buffer, picture: Buffer): Buffer {
  const sized = (unit: Buffer) => [unit.length >> 8, unit.length & 255, ...unit];
  const [, profile = 0, compatibility = 0, level = 0] = sequence;
  // 4:2:0 with eight bits, as the last four bytes of a High profile record say.
  const head = [1, profile, compatibility, level, 0xff, 0xe1];
  return Buffer.from([...head, ...sized(sequence), 1, ...sized(picture), 0xfd, 0xf8, 0xf8, 0]);
}
