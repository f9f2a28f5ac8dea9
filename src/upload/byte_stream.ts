/** Throws the error that `tooMuch` makes once more than `most` bytes have arrived. */
export async function* atMost(
  bytes: AsyncIterable<Buffer>,
  most: number,
  tooMuch: () => Error,
): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const piece of bytes) {
    size += piece.length;
    if (size > most) throw tooMuch();
    yield piece;
  }
}

/** At least this many bytes, or all if there are fewer. The rest stays in the stream. */
export async function firstBytes(bytes: AsyncGenerator<Buffer>, length: number): Promise<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  while (head.length < length) {
    const { done, value } = await bytes.next();
    if (done) break;
    head = head.length > 0 ? Buffer.concat([head, value]) : value;
  }
  return head;
}

export async function* joined(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  yield* rest;
}
