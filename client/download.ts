import { errorOf, VidgenError } from './error.ts';
import { type Connection, mayPass, pause, unreachable, waitMs } from './request.ts';
import { builtin } from './submission.ts';

/**
 * The bytes behind an address. After a broken connection it continues from there (Range), until `retries`
 * attempts in a row have brought nothing. Throws VidgenError.
 */
export async function* download(
  { fetch, retries }: Connection,
  url: string,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let at = 0;
  let etag: string | null = null;
  for (let failures = 0; ; failures++) {
    let why: unknown;
    try {
      const range = at > 0 ? { Range: `bytes=${at}-`, ...(etag && { 'If-Range': etag }) } : {};
      const headers = { 'Accept-Encoding': 'identity', ...range } as Record<string, string>;
      const response = await fetch(url, { headers, signal });
      if (!response.ok) throw await errorOf(response);
      if (at > 0 && response.status !== 206) {
        await response.body?.cancel();
        throw new VidgenError('download_failed', `${url} changed on the way. Download it again.`);
      }
      etag = response.headers.get('ETag');
      const length = response.headers.get('Content-Length');
      const end = length === null ? undefined : at + Number(length);
      for await (const piece of piecesOf(response)) {
        at += piece.length;
        failures = 0;
        yield piece;
      }
      if (end === undefined || at === end) return;
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof VidgenError && !mayPass(error)) throw error;
      why = error;
    }
    if (failures >= retries)
      throw why instanceof VidgenError ? why : unreachable(url, why ?? new Error('cut off'));
    await pause(waitMs(failures, why), signal);
  }
}

async function* piecesOf({ body }: Response): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** Writes the bytes beside `path`, and moves them there when all have arrived. Node.js only. */
export async function save(pieces: AsyncIterable<Uint8Array>, path: string): Promise<void> {
  const { open, rename, rm } = await builtin<typeof import('node:fs/promises')>('node:fs/promises');
  const partial = `${path}.part`;
  const file = await open(partial, 'w').catch((cause: { code: string }) => {
    throw new VidgenError('file_unreadable', `${path} cannot be written (${cause.code}).`, {
      cause,
    });
  });
  try {
    for await (const piece of pieces) await file.write(piece);
    await file.close();
    await rename(partial, path);
  } catch (error) {
    await file.close().catch(() => {});
    await rm(partial, { force: true });
    throw error;
  }
}
