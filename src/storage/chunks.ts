/** Bytes of a stored chunk; only the last one of a file is shorter. The tables rely on it. */
export const chunkBytes = 256 * 1024;

/**
 * Cuts a stream into chunks of `size` bytes. A consumer that has finished with a chunk puts it into `spare`
 * to be reused: buffers of this size become garbage faster than it is collected.
 */
export async function* inChunks(
  source: AsyncIterable<Uint8Array>,
  spare: Buffer[],
  size = chunkBytes,
): AsyncGenerator<Buffer> {
  const next = () => spare.pop() ?? Buffer.allocUnsafeSlow(size);
  let chunk = next();
  let filled = 0;
  for await (let piece of source) {
    while (piece.length > 0) {
      const part = piece.subarray(0, size - filled);
      chunk.set(part, filled);
      filled += part.length;
      piece = piece.subarray(part.length);
      if (filled === size) {
        yield chunk;
        chunk = next();
        filled = 0;
      }
    }
  }
  if (filled > 0) yield chunk.subarray(0, filled);
}
