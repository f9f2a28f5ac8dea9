/** A JPEG with more segments after its start; the second byte of a segment's marker and its data. */
export function withSegments(jpeg: Buffer, ...segments: [marker: number, data: Buffer][]): Buffer {
  const written = segments.flatMap(([marker, data]) => {
    const head = Buffer.from([0xff, marker, 0, 0]);
    head.writeUInt16BE(data.length + 2, 2);
    return [head, data];
  });
  return Buffer.concat([jpeg.subarray(0, 2), ...written, jpeg.subarray(2)]);
}

/** A JPEG without the segments of this marker. */
export function withoutSegments(jpeg: Buffer, marker: number): Buffer {
  const kept = [jpeg.subarray(0, 2)];
  let at = 2;
  for (; jpeg[at + 1] !== 0xda; at += 2 + jpeg.readUInt16BE(at + 2))
    if (jpeg[at + 1] !== marker) kept.push(jpeg.subarray(at, at + 2 + jpeg.readUInt16BE(at + 2)));
  return Buffer.concat([...kept, jpeg.subarray(at)]);
}

/** EXIF (an APP1 segment's data) with the orientation alone. */
export function exifOrientation(orientation: number): Buffer {
  return Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiffOrientation(orientation)]);
}

/** The same as a PNG's eXIf chunk has it. */
export function tiffOrientation(orientation: number): Buffer {
  const entry = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0];
  return Buffer.from([0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, ...entry, 0, 0, 0, 0]);
}
