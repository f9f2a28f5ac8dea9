import { ApiError } from '../../errors.ts';
import { Input } from './input.ts';
import { malformed } from './malformed.ts';
import { maxHeaderBytes, readPartHead } from './part_head.ts';

/** One part of a form. Its body must be read completely before the next part is requested. */
export type Part = {
  name: string;
  /** Null when the sender gave none, as for text fields. */
  filename: string | null;
  /** The Content-Type that the sender gave the part, or null. */
  contentType: string | null;
  body: AsyncGenerator<Buffer>;
};

// Far more than any client sends, and far too few to do harm.
const maxParts = 100;
const maxPreambleBytes = 4 * 1024;
const maxEpilogueBytes = 4 * 1024;

/**
 * Reads multipart/form-data (RFC 7578) part by part as it arrives, and strictly: anything that violates the
 * grammar is an ApiError 400 with code malformed_multipart, never skipped. Bytes are passed on at the
 * consumer's pace without being kept.
 */
export async function* readParts(
  source: AsyncIterable<Buffer>,
  boundary: string,
): AsyncGenerator<Part> {
  const input = new Input(source);
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  // The first delimiter may be at the very start, where no line break precedes it.
  input.unread(Buffer.from('\r\n'));
  await skip(
    input.until(delimiter),
    maxPreambleBytes,
    'it does not begin with the boundary its Content-Type names',
  );
  for (let parts = 0; !(await atEnd(input)); parts += 1) {
    if (parts === maxParts) throw malformed(`it has more than ${maxParts} parts`);
    const head = await readPartHead(input);
    // If a boundary follows at once, it shares the line break that ended the headers, and the part is empty.
    const bare = delimiter.subarray(2);
    if ((await input.peek(bare.length)).equals(bare)) input.unread(Buffer.from('\r\n'));
    const body = input.until(delimiter);
    yield { ...head, body };
    if (!(await body.next()).done) throw new Error('The body of a part was not read to its end.');
  }
  await skip(input.rest(), maxEpilogueBytes, 'bytes follow its end');
}

/** The boundary named by a Content-Type header. Throws ApiError 400 when it is not a form's. */
export function boundaryOf(contentType: string | undefined): string {
  if (!/^multipart\/form-data[ \t]*(;|$)/i.test(contentType ?? '')) throw notMultipart(contentType);
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

function notMultipart(contentType = ''): ApiError {
  if (/^(image|audio|video)\/|^application\/(octet-stream|ogg)/i.test(contentType)) {
    return new ApiError(
      415,
      'raw_body',
      'The body is a file by itself. Send it as a field of multipart/form-data: the picture as image, the sound as audio (curl -F image=@portrait.jpg -F audio=@voiceover.mp3).',
    );
  }
  return new ApiError(
    400,
    'not_multipart',
    'Send the request as multipart/form-data, with the fields image and audio, or as application/json with imageUrl and audioUrl.',
  );
}

/** What follows a delimiter: `--` ends the form, a line break starts a part. */
async function atEnd(input: Input): Promise<boolean> {
  if ((await input.peek(2)).equals(Buffer.from('--'))) {
    input.take(2);
    return true;
  }
  const line = await input.line(maxHeaderBytes);
  if (/[^ \t]/.test(line)) throw malformed('a boundary line has something behind it');
  return false;
}

async function skip(bytes: AsyncIterable<Buffer>, most: number, otherwise: string): Promise<void> {
  let skipped = 0;
  for await (const piece of bytes) {
    skipped += piece.length;
    if (skipped > most) throw malformed(otherwise);
  }
}
