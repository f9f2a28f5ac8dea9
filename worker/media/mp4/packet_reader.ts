import { type FileHandle, open } from 'node:fs/promises';
import type { AacAudio } from './read.ts';

const windowBytes = 1024 * 1024;

/** Reads the packets of an audio track in order, from any number of files, a megabyte at a time. */
export class PacketReader {
  #audio: AacAudio;
  #file: FileHandle | undefined;
  #path = '';
  #window = Buffer.allocUnsafe(windowBytes);
  #windowAt = 0;
  #windowEnd = 0;

  constructor(audio: AacAudio) {
    this.#audio = audio;
  }

  /**
   * The bytes of the packets from `from` up to but excluding `to`; each part is valid until the next is
   * requested.
   */
  async *read(from: number, to: number): AsyncGenerator<Buffer> {
    const { sizes, offsets } = this.#audio;
    for (let packet = from; packet < to; ) {
      const path = this.#pathOf(packet);
      const start = offsets[packet] as number;
      let end = start;
      do end += sizes[packet++] as number;
      while (
        packet < to &&
        offsets[packet] === end &&
        end + (sizes[packet] as number) - start <= windowBytes &&
        this.#pathOf(packet) === path
      );
      yield await this.#bytes(path, start, end);
    }
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  #pathOf(packet: number): string {
    return this.#audio.files.findLast((file) => file.from <= packet)?.path ?? '';
  }

  async #bytes(path: string, start: number, end: number): Promise<Buffer> {
    const inWindow = start >= this.#windowAt && end <= this.#windowEnd;
    if (path !== this.#path || !inWindow) await this.#moveWindow(path, start);
    if (end > this.#windowEnd) throw new Error('The audio changed while it was read.');
    return this.#window.subarray(start - this.#windowAt, end - this.#windowAt);
  }

  async #moveWindow(path: string, start: number): Promise<void> {
    if (path !== this.#path) {
      await this.close();
      this.#file = await open(path);
      this.#path = path;
    }
    const { bytesRead = 0 } = (await this.#file?.read(this.#window, 0, windowBytes, start)) ?? {};
    this.#windowAt = start;
    this.#windowEnd = start + bytesRead;
  }
}
