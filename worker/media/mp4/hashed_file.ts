import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';

const blockBytes = 1024 * 1024;

/** A new file, written front to back, whose SHA-256 is known when it is complete. */
export class HashedFile {
  #file: FileHandle;
  #hash = createHash('sha256');
  #block = Buffer.allocUnsafe(blockBytes);
  #filled = 0;
  #bytes = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async create(path: string): Promise<HashedFile> {
    return new HashedFile(await open(path, 'w'));
  }

  /** Copies the bytes, so the caller may reuse them. */
  async write(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const copied = bytes.copy(this.#block, this.#filled, at);
      at += copied;
      this.#filled += copied;
      if (this.#filled === blockBytes) await this.#flush();
    }
  }

  /** The length in bytes and the hexadecimal SHA-256 of everything written. */
  async finish(): Promise<{ bytes: number; sha256: string }> {
    await this.#flush();
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  /** Hashes the block while it is being written. */
  async #flush(): Promise<void> {
    const block = this.#block.subarray(0, this.#filled);
    const written = this.#file.writeFile(block);
    this.#hash.update(block);
    await written;
    this.#bytes += block.length;
    this.#filled = 0;
  }
}
