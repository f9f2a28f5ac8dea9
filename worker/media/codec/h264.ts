/** Units of H.264 (ISO/IEC 14496-10), in a byte stream and in MP4. */

export const nal = { slice: 1, keySlice: 5, sequence: 7, picture: 8 };

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
