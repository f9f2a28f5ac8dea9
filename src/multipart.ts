import { ApiError } from './errors.ts';

/** One part of a form. Its body must be read to its end before the next part is asked for. */
export type Part = {
  name: string;
  /** Null for a text field. */
  filename: string | null;
  body: AsyncGenerator<Buffer>;
};

// Far above what any client sends, far below what would hurt.
const maxHeaderBytes = 16 * 1024;
const maxParts = 100;
const maxPreambleBytes = 4 * 1024;
const maxEpilogueBytes = 4 * 1024;

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * Reads multipart/form-data (RFC 7578) part by part as it arrives, and strictly: whatever does not
 * follow the grammar is an ApiError 400 with code malformed_multipart, never skipped. Bytes are
 * handed on without being kept, at the consumer's pace.
 */
export async function* readParts(
  source: AsyncIterable<Buffer>,
  boundary: string,
): AsyncGenerator<Part> {
  const input = new Input(source);
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  // The first delimiter may stand at the very beginning, where no line break precedes it.
  input.unread(Buffer.from('\r\n'));
  await skip(
    input.until(delimiter),
    maxPreambleBytes,
    'it does not begin with the boundary its Content-Type names',
  );
  for (let parts = 0; !(await atEnd(input)); parts += 1) {
    if (parts === maxParts) throw malformed(`it has more than ${maxParts} parts`);
    const body = input.until(delimiter);
    yield { ...(await readHead(input)), body };
    if (!(await body.next()).done) throw new Error('The body of a part was not read to its end.');
  }
  await skip(input.rest(), maxEpilogueBytes, 'bytes follow its end');
}

/** The boundary that a Content-Type header names. Throws ApiError 400 when it is no form's. */
export function boundaryOf(contentType: string | undefined): string {
  if (!/^multipart\/form-data[ \t]*(;|$)/i.test(contentType ?? '')) {
    throw new ApiError(
      400,
      'not_multipart',
      'Send the request as multipart/form-data, with the fields image and audio.',
    );
  }
  const [, quoted, plain] =
    /;[ \t]*boundary=(?:"([^"\\]*)"|([^\s";,]*))[ \t]*(?:;|$)/i.exec(contentType ?? '') ?? [];
  const boundary = quoted ?? plain ?? '';
  if (!/^[\x21-\x7e]([\x20-\x7e]{0,68}[\x21-\x7e])?$/.test(boundary)) {
    throw malformed(
      'its Content-Type names no valid boundary. Let your HTTP client set that header',
    );
  }
  return boundary;
}

/** What follows a delimiter: `--` ends the form, a line break begins a part. */
async function atEnd(input: Input): Promise<boolean> {
  if ((await input.peek(2)).equals(Buffer.from('--'))) {
    input.take(2);
    return true;
  }
  const line = await input.line(maxHeaderBytes);
  if (/[^ \t]/.test(line)) throw malformed('a boundary line has something behind it');
  return false;
}

async function readHead(input: Input): Promise<{ name: string; filename: string | null }> {
  const headers = new Map<string, string>();
  let allowed = maxHeaderBytes;
  for (let line = await input.line(allowed); line !== ''; line = await input.line(allowed)) {
    allowed -= line.length + 2;
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    if (colon < 0 || !token.test(name))
      throw malformed('a part has a header that is not "Name: value"');
    const key = name.toLowerCase();
    if (headers.has(key)) throw malformed(`a part has two ${name} headers`);
    headers.set(key, line.slice(colon + 1).trim());
  }
  const encoding = headers.get('content-transfer-encoding') ?? 'binary';
  if (!/^(7bit|8bit|binary)$/i.test(encoding)) {
    throw malformed('a part has a Content-Transfer-Encoding. Send the bytes as they are');
  }
  if (/^multipart\//i.test(headers.get('content-type') ?? '')) {
    throw malformed('a part is itself multipart. Send each file as a part of its own');
  }
  return formDataNames(headers.get('content-disposition'));
}

function formDataNames(disposition: string | undefined): { name: string; filename: string | null } {
  if (disposition === undefined) throw malformed('a part has no Content-Disposition header');
  if (!/^form-data[ \t]*(;|$)/i.test(disposition)) {
    throw malformed('the Content-Disposition of a part is not form-data');
  }
  const parameters = new Map<string, string>();
  let rest = disposition.slice('form-data'.length).trim();
  while (rest !== '') {
    // Browsers write a quote inside a value as %22, curl as \", both leave other backslashes alone.
    const [all, key, quoted, plain] =
      /^;[ \t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s";]+))[ \t]*/.exec(rest) ??
      [];
    if (all === undefined || key === undefined || parameters.has(key.toLowerCase())) {
      throw malformed('the Content-Disposition of a part cannot be read');
    }
    parameters.set(
      key.toLowerCase(),
      plain ?? (quoted ?? '').replace(/\\(["\\])/g, '$1').replaceAll('%22', '"'),
    );
    rest = rest.slice(all.length);
  }
  const name = parameters.get('name');
  if (!name) throw malformed('a part has no name');
  return { name, filename: parameters.get('filename') ?? parameters.get('filename*') ?? null };
}

async function skip(bytes: AsyncIterable<Buffer>, most: number, otherwise: string): Promise<void> {
  let skipped = 0;
  for await (const piece of bytes) {
    skipped += piece.length;
    if (skipped > most) throw malformed(otherwise);
  }
}

/** A stream that can be looked at before it is taken. */
class Input {
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
      throw malformed('the headers of a part are not UTF-8');
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

function malformed(why: string): ApiError {
  return new ApiError(
    400,
    'malformed_multipart',
    `The multipart/form-data body cannot be read: ${why}.`,
  );
}
