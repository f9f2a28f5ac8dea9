import { setTimeout as delay } from 'node:timers/promises';
import { CaptionsError } from '../../src/captions/cue.ts';
import { captionsTypeOf } from '../../src/captions/media_type.ts';
import { audioTypeOf, headBytes, imageTypeOf } from '../../src/media_type.ts';
import { fetches } from '../../src/metrics/counted.ts';
import type { Idle, Transport } from '../../src/outbound/connector.ts';
import { type OpenSource, openSource } from '../../src/outbound/open_source.ts';
import { SourceError, webPage } from '../../src/outbound/source_error.ts';
import type { BlobStore, WrittenBlob } from '../../src/storage/blob_store.ts';
import { atMost, firstBytes, joined } from '../../src/upload/byte_stream.ts';
import { MediaError } from '../media/errors.ts';

export type InputKind = 'image' | 'audio' | 'captions';

export type FetchOptions = {
  kind: InputKind;
  url: string;
  maxBytes: number;
  transport: Transport & Idle;
  store: Pick<BlobStore, 'write'>;
  processId: number;
  signal: AbortSignal;
  /** @param total as the server states it, if it does */
  onProgress?(bytes: number, total?: number): void;
  /** Limit for one try, from the look-up to the last byte. */
  wholeMs?: number;
  /** Milliseconds before the second try, the third, …; there are no more. */
  pausesMs?: number[];
};

export type FetchedFile = WrittenBlob & { contentType: string };

const wanted: Record<InputKind, string> = {
  image: 'a JPEG, PNG or WebP picture',
  audio: 'an MP3, WAV, M4A or Ogg (Vorbis or Opus) file',
  captions: 'an SRT or WebVTT file',
};
type TypeOf = (head: Uint8Array, host?: string) => Promise<string | null>;
const typeOf: Record<InputKind, TypeOf> = {
  image: (head) => imageTypeOf(head.subarray(0, headBytes)),
  audio: (head) => audioTypeOf(head.subarray(0, headBytes)),
  captions: async (whole, host) => {
    try {
      return captionsTypeOf(whole);
    } catch (error) {
      if (!(error instanceof CaptionsError)) throw error;
      throw new SourceError(`leads to a file on ${host} that cannot be read. ${error.message}`);
    }
  },
};

/** If the source asks for a longer pause than this, there is no further try. */
const mostRetryAfter = 60;

/**
 * Fetches a file from the address that a caller gave for it, by the rules of an upload, and stores it as it
 * arrives. Throws a MediaError that names the field, the host and what to do: at once for faults of the
 * caller, after the last try for temporary ones.
 */
export async function fetchFile(o: FetchOptions): Promise<FetchedFile> {
  const pauses = [...(o.pausesMs ?? [1_000, 5_000])];
  for (;;) {
    try {
      const file = await fetchOnce(o);
      fetches.inc({ outcome: 'fetched' });
      return file;
    } catch (error) {
      o.signal.throwIfAborted();
      if (!(error instanceof SourceError)) throw error;
      fetches.inc({ outcome: error.mayPass ? 'passing' : 'failed' });
      const pause = pauses.shift();
      const asked = error.retryAfter ?? 0;
      if (!error.mayPass || pause === undefined || asked > mostRetryAfter)
        throw new MediaError(`${o.kind}Url ${error.message}`, { cause: error });
      await delay(Math.max(pause, asked * 1_000), undefined, { signal: o.signal });
    }
  }
}

async function fetchOnce(o: FetchOptions): Promise<FetchedFile> {
  const wholeMs = o.wholeMs ?? 600_000;
  const late = AbortSignal.timeout(wholeMs);
  const signal = AbortSignal.any([o.signal, late]);
  let source: OpenSource | undefined;
  try {
    source = await openSource(o.url, o.transport, signal);
    return await store(source, o, signal);
  } catch (error) {
    if (!late.aborted || o.signal.aborted) throw error;
    throw new SourceError(
      `took longer than ${wholeMs / 60_000} minutes to fetch. Try again, or upload the file.`,
      { mayPass: true },
    );
  } finally {
    await source?.close();
  }
}

async function store(
  source: OpenSource,
  { kind, maxBytes, store, processId, onProgress }: FetchOptions,
  signal: AbortSignal,
): Promise<FetchedFile> {
  const host = source.hosts.at(-1);
  const tooLarge = () =>
    new SourceError(
      `leads to a file on ${host} that is larger than ${Math.floor(maxBytes / 1024 ** 2)} MB. Use a smaller one.`,
    );
  if ((source.length ?? 0) > maxBytes) throw tooLarge();
  const bytes = counted(atMost(source.bytes, maxBytes, tooLarge), (arrived) =>
    onProgress?.(arrived, source.length),
  );
  // Captions are short, and wrong ones are told of before anything else is fetched or rendered.
  const head = await firstBytes(bytes, kind === 'captions' ? maxBytes + 1 : headBytes);
  if (head.length === 0)
    throw new SourceError(`leads to an empty file on ${host}. Check what is there.`);
  if (kind === 'captions' && isPage(head, source.contentType))
    throw webPage(wanted[kind], source.hosts);
  const contentType = await typeOf[kind](head, host);
  if (!contentType && isPage(head, source.contentType)) throw webPage(wanted[kind], source.hosts);
  if (!contentType) {
    const declared = source.contentType ? ` (${source.contentType.slice(0, 100)})` : '';
    throw new SourceError(
      `leads to a file on ${host} of an unsupported type${declared}. Use the address of ${wanted[kind]}.`,
    );
  }
  const blob = await store.write(joined(head, bytes), { processId, contentType, signal });
  return { ...blob, contentType };
}

async function* counted(
  bytes: AsyncIterable<Buffer>,
  onBytes: (arrived: number) => void,
): AsyncGenerator<Buffer> {
  let arrived = 0;
  onBytes(arrived);
  for await (const piece of bytes) {
    arrived += piece.length;
    onBytes(arrived);
    yield piece;
  }
}

const isPage = (head: Buffer, contentType: string): boolean =>
  /^text\/html\b/i.test(contentType) ||
  /^\s*<(!doctype html|html|head|script|body)\b/i.test(head.toString('latin1', 0, 512));
