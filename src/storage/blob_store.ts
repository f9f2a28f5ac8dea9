/** Where files live: pictures, audio, videos. Bytes stream through; nothing holds a whole file. */
export interface BlobStore {
  /**
   * Stores what the source yields. If the source, the store or the signal breaks it off, nothing is
   * left behind and the cause is thrown. Until a job takes the file over it belongs to `processId`.
   */
  write(source: AsyncIterable<Uint8Array>, options: WriteOptions): Promise<WrittenBlob>;

  /**
   * The bytes of a whole file, or of a range of it (both ends included, as in HTTP). Throws rather
   * than ending short: when there is no such file, or a part of it is missing.
   */
  read(id: string, range?: ByteRange, signal?: AbortSignal): AsyncIterable<Uint8Array>;

  /** Null when there is no such file, or when it has not arrived whole. */
  stat(id: string): Promise<BlobStat | null>;

  /** Removes files that no job has taken over; of others and of unknown ids it leaves hands off. */
  discard(ids: string[]): Promise<void>;

  /**
   * An address where whoever has it can fetch the file for an hour, past this service; undefined when
   * there is none and the service is to serve the file itself.
   */
  publicUrl(id: string, options?: { downloadAs?: string }): Promise<string | undefined>;

  close(): Promise<void>;
}

export type WriteOptions = { processId: number; contentType: string; signal?: AbortSignal };

/** `size` in bytes, `sha256` in hex. */
export type WrittenBlob = { id: string; size: number; sha256: string };

export type BlobStat = { size: number; sha256: string; contentType: string };

export type ByteRange = { start: number; end: number };
