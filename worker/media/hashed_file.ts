import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';

const WRITE_BYTES = 1024 * 1024;

/** A new file, written front to back, that knows its SHA-256 when it is complete. */
export class HashedFile {
  #file: FileHandle;
  #hash = createHash('sha256');
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #bytes = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async create(path: string): Promise<HashedFile> {
    return new HashedFile(await open(path, 'w'));
  }

  async write(parts: Buffer[]): Promise<void> {
    for (const part of parts) {
      this.#waiting.push(part);
      this.#waitingBytes += part.length;
    }
    if (this.#waitingBytes >= WRITE_BYTES) await this.#flush();
  }

  /** The length in bytes and the hexadecimal SHA-256 of all that was written. */
  async finish(): Promise<{ bytes: number; sha256: string }> {
    await this.#flush();
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #flush(): Promise<void> {
    let parts = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (const part of parts) this.#hash.update(part);
    while (parts.length > 0) {
      const { bytesWritten } = await this.#file.writev(parts);
      this.#bytes += bytesWritten;
      parts = after(parts, bytesWritten);
    }
  }
}

/** What is left of the parts when so many bytes are done. */
function after(parts: Buffer[], bytes: number): Buffer[] {
  let left = bytes;
  return parts.flatMap((part) => {
    const done = Math.min(left, part.length);
    left -= done;
    return done < part.length ? [part.subarray(done)] : [];
  });
}
