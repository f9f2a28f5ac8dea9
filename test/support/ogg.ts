/** Sets the output gain in the first page of an Ogg Opus file (RFC 7845, 5.1), which every player must apply. */
export function withGain(ogg: Buffer, decibels: number): Buffer {
  const changed = Buffer.from(ogg);
  const head = changed.indexOf('OpusHead');
  changed.writeInt16LE(256 * decibels, head + 16);
  const page = changed.subarray(0, changed.indexOf('OggS', 4));
  page.writeUInt32LE(0, 22);
  page.writeUInt32LE(checksum(page), 22);
  return changed;
}

/** The checksum of RFC 3533, 6: CRC-32 with the polynomial 0x04c11db7, neither reflected nor inverted. */
function checksum(page: Buffer): number {
  let crc = 0;
  for (const byte of page) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0);
  }
  return crc >>> 0;
}
