import { malformed } from './malformed.ts';

const lf = 10;
const cr = 13;
const notCrLf = 'its line breaks must be CR LF';

/** A stream that can be peeked at before it is consumed. */
export class Input {
  #chunks: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);
  #latest: Buffer = Buffer.alloc(0);

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

  /** Buffers more data; false at the end of the stream. */
  async #more(): Promise<boolean> {
    const { done, value } = await this.#chunks.next();
    if (done) return false;
    this.#latest = value;
    this.#held = this.#held.length > 0 ? Buffer.concat([this.#held, value]) : value;
    return true;
  }

  async peek(length: number): Promise<Buffer> {
    while (this.#held.length < length) if (!(await this.#more())) throw brokenOff();
    return this.#held.subarray(0, length);
  }

  /** The text up to a line break, which is consumed too. */
  async line(most: number): Promise<string> {
    let end = this.#held.indexOf(lf);
    while (end < 0 && this.#held.length <= most) {
      if (!(await this.#more())) throw this.#held.includes(cr) ? malformed(notCrLf) : brokenOff();
      end = this.#held.indexOf(lf);
    }
    if (end < 0 || end > most) throw malformed('the headers of a part are too long');
    const bytes = this.take(end + 1).subarray(0, end);
    if (end === 0 || bytes.indexOf(cr) !== end - 1) throw malformed(notCrLf);
    if (bytes.includes(0)) throw malformed('the headers of a part hold a NUL');
    const text = bytes.subarray(0, -1);
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(text);
    } catch {
      // A file name in the encoding of the sender's system: nothing depends on it.
      return text.toString('latin1');
    }
  }

  /** The bytes before the delimiter (CR LF and more), which is consumed too. */
  async *until(delimiter: Buffer): AsyncGenerator<Buffer> {
    let at = this.#held.indexOf(delimiter);
    while (at < 0) {
      // Bytes that may be the start of the delimiter wait for what follows.
      const free = this.#held.length - overlap(this.#held, delimiter);
      if (free > 0) yield this.take(free);
      if (!(await this.#more()))
        throw this.#hasBareLineFeed(delimiter) ? malformed(notCrLf) : brokenOff();
      at = this.#held.indexOf(delimiter);
    }
    if (at > 0) yield this.take(at);
    this.take(delimiter.length);
  }

  /** Whether the body ended in something that is not a boundary only because the CR before it is missing. */
  #hasBareLineFeed(delimiter: Buffer): boolean {
    const at = this.#latest.lastIndexOf(delimiter.subarray(1));
    return at >= 0 && this.#latest[at - 1] !== cr;
  }

  async *rest(): AsyncGenerator<Buffer> {
    yield this.#held;
    for (let next = await this.#chunks.next(); !next.done; next = await this.#chunks.next())
      yield next.value;
  }
}

const brokenOff = () => malformed('it ends before its closing boundary');

/** How many bytes at the end of `bytes` are the start of `delimiter`. */
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
