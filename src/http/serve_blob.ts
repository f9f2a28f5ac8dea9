import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { ApiError } from '../errors.ts';
import type { BlobStore, ByteRange } from '../storage/blob_store.ts';
import { attachment } from './attachment.ts';

export type ServedBlob = { id: string; size: number; sha256: string; contentType: string };

export type ServeOptions = {
  /** Offers the file for download under this name (visible ASCII, no quotes). */
  downloadAs?: string;
  cacheControl?: string;
  /** Told when the file could not be read to its end. */
  onBroken?(error: unknown): void;
};

/**
 * Answers GET or HEAD with a stored file: all of it (200), one range (206), or the news that the client
 * already has it (304). A request for several ranges gets the whole file. Throws ApiError 416 for a range
 * beyond the file. A file that cannot be read to its end breaks the connection, so that no client takes what it
 * has for the whole.
 */
export function serveBlob<Env extends { Bindings: Pick<HttpBindings, 'incoming'> }>(
  c: Context<Env>,
  store: BlobStore,
  blob: ServedBlob,
  options: ServeOptions = {},
): Response {
  const etag = `"${blob.sha256}"`;
  const headers = new Headers({
    ETag: etag,
    'Accept-Ranges': 'bytes',
    'Cache-Control': options.cacheControl ?? 'private, max-age=3600',
    'X-Content-Type-Options': 'nosniff',
  });
  if (matches(c.req.header('If-None-Match'), etag))
    return c.newResponse(null, 304, Object.fromEntries(headers));

  // A range refers to one version of the file. If that is not the current one, the client wants the whole
  // file.
  const ifRange = c.req.header('If-Range');
  const rangeHeader =
    c.req.method === 'GET' && (!ifRange || ifRange === etag) ? c.req.header('Range') : undefined;
  const range = parseRange(rangeHeader, blob.size);
  if (range === 'unsatisfiable') {
    throw new ApiError(
      416,
      'range_not_satisfiable',
      `The range lies beyond the file, which has ${blob.size} bytes.`,
      {
        headers: { 'Content-Range': `bytes */${blob.size}`, 'Accept-Ranges': 'bytes' },
      },
    );
  }
  headers.set('Content-Type', blob.contentType);
  headers.set('Content-Length', String(range ? range.end - range.start + 1 : blob.size));
  if (range) headers.set('Content-Range', `bytes ${range.start}-${range.end}/${blob.size}`);
  if (options.downloadAs) headers.set('Content-Disposition', attachment(options.downloadAs));
  const breakOff = (error: unknown) => {
    options.onBroken?.(error);
    c.env.incoming.socket.destroy();
  };
  const body = c.req.method === 'HEAD' ? null : streamOf(store.read(blob.id, range), breakOff);
  return c.newResponse(body, range ? 206 : 200, Object.fromEntries(headers));
}

/** Undefined when it is not a range that we serve, so the whole file is sent. */
export function parseRange(
  header: string | undefined,
  size: number,
): ByteRange | 'unsatisfiable' | undefined {
  const [, first, last] =
    /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(header?.replaceAll(/[ \t]/g, '') ?? '') ?? [];
  if (first === undefined || last === undefined || first + last === '') return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  return start > end ? 'unsatisfiable' : { start, end };
}

/** If-None-Match compares weakly: a W/ in front does not matter. */
export function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return (
    header.trim() === '*' ||
    header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
  );
}

/** Reads at the client's pace, and stops reading when the client goes away. */
function streamOf(
  bytes: AsyncIterable<Uint8Array>,
  breakOff: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  const iterator = bytes[Symbol.asyncIterator]();
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await iterator.next();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          breakOff(error);
        }
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
