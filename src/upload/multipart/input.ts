import { malformed } from './malformed.ts';

/** A stream that can be looked at before it is taken. */
export class Input {
  #chunks: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  unread(bytes: Buffer): void {
    this.#held = Buffer.concat([bytes, this.#held]);
  }

  take(length: number): Buffer {
    const taken = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    return taken;
  }

  /** Holds more than before, or throws at the end of the stream. */
  async #more(): Promise<void> {
    const { done, value } = await this.#chunks.next();
    if (done) throw malformed('it ends before its closing boundary');
    this.#held = this.#held.length > 0 ? Buffer.concat([this.#held, value]) : value;
  }

  async peek(length: number): Promise<Buffer> {
    while (this.#held.length < length) await this.#more();
    return this.#held.subarray(0, length);
  }

  /** The text up to a line break, which is taken too. */
  async line(most: number): Promise<string> {
    let end = this.#held.indexOf('\r\n');
    while (end < 0 && this.#held.length <= most) {
      await this.#more();
      end = this.#held.indexOf('\r\n');
    }
    if (end < 0 || end > most) throw malformed('the headers of a part are too long');
    const bytes = this.take(end + 2).subarray(0, end);
    if (bytes.some((byte) => byte === 0 || byte === 10 || byte === 13)) {
      throw malformed('the headers of a part hold a NUL, or a line break that is not CR LF');
    }
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      // A file name as the sender's system spells it: nobody goes by it.
      return bytes.toString('latin1');
    }
  }

  /** The bytes before the delimiter, which is taken too. */
  async *until(delimiter: Buffer): AsyncGenerator<Buffer> {
    let at = this.#held.indexOf(delimiter);
    while (at < 0) {
      // What may be the beginning of the delimiter waits for what follows.
      const free = this.#held.length - overlap(this.#held, delimiter);
      if (free > 0) yield this.take(free);
      await this.#more();
      at = this.#held.indexOf(delimiter);
    }
    if (at > 0) yield this.take(at);
    this.take(delimiter.length);
  }

  async *rest(): AsyncGenerator<Buffer> {
    yield this.#held;
    for (let next = await this.#chunks.next(); !next.done; next = await this.#chunks.next())
      yield next.value;
  }
}

/** How many bytes at the end of `bytes` are the beginning of `delimiter`. */
function overlap(bytes: Buffer, delimiter: Buffer): number {
  const first = Math.max(0, bytes.length - delimiter.length + 1);
  for (
    let at = bytes.indexOf(delimiter[0] ?? 0, first);
    at >= 0;
    at = bytes.indexOf(delimiter[0] ?? 0, at + 1)
  ) {
    if (delimiter.subarray(0, bytes.length - at).equals(bytes.subarray(at)))
      return bytes.length - at;
  }
  return 0;
}
