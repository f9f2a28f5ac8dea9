/** Where files live: pictures, audio, videos. Bytes stream through; nothing holds a whole file. */
export interface BlobStore {
  /**
   * Stores what the source yields. If the source, the store or the signal interrupts it, nothing is left
   * behind and the cause is thrown. The file belongs to `processId` until a job takes it over.
   */
  write(source: AsyncIterable<Uint8Array>, options: WriteOptions): Promise<WrittenBlob>;

  /**
   * The bytes of a complete file, or of a range of it (both ends included, as in HTTP). Throws instead of
   * ending short when there is no such file or part of it is missing. While Postgres is away or busy, it waits.
   */
  read(id: string, range?: ByteRange, signal?: AbortSignal): AsyncIterable<Uint8Array>;

  /** Null when the file does not exist or has not arrived completely. */
  stat(id: string): Promise<BlobStat | null>;

  /** Removes files that no job has taken over; ignores all others and unknown ids. */
  discard(ids: string[]): Promise<void>;

  /**
   * An address from which anyone who has it can fetch the file for an hour, or `secondsLeft`, without this
   * service; undefined when there is none and the service must serve the file itself.
   */
  publicUrl(
    id: string,
    options?: { downloadAs?: string; secondsLeft?: number },
  ): Promise<string | undefined>;

  close(): Promise<void>;
}

export type WriteOptions = { processId: number; contentType: string; signal?: AbortSignal };

/** `size` in bytes, `sha256` in hex. */
export type WrittenBlob = { id: string; size: number; sha256: string };

export type BlobStat = { size: number; sha256: string; contentType: string };

export type ByteRange = { start: number; end: number };
