/** Bytes of a stored chunk; only the last one of a file is shorter. The tables rely on it. */
export const chunkBytes = 256 * 1024;

/** Cuts a stream into chunks of `chunkBytes`. A chunk is the consumer's to keep. */
export async function* inChunks(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let chunk = Buffer.allocUnsafe(chunkBytes);
  let filled = 0;
  for await (let piece of source) {
    while (piece.length > 0) {
      const part = piece.subarray(0, chunkBytes - filled);
      chunk.set(part, filled);
      filled += part.length;
      piece = piece.subarray(part.length);
      if (filled === chunkBytes) {
        yield chunk;
        chunk = Buffer.allocUnsafe(chunkBytes);
        filled = 0;
      }
    }
  }
  if (filled > 0) yield chunk.subarray(0, filled);
}
