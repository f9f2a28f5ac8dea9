import { type FileHandle, open } from 'node:fs/promises';
import type { AacAudio } from './mp4_read.ts';

const WINDOW_BYTES = 1024 * 1024;

/** Reads the packets of an audio track in order, from however many files they lie in, a megabyte at a time. */
export class PacketReader {
  #audio: AacAudio;
  #file: FileHandle | undefined;
  #path = '';
  #window = Buffer.alloc(0);
  #windowAt = 0;

  constructor(audio: AacAudio) {
    this.#audio = audio;
  }

  /** The bytes of the packets `from` up to, not including, `to`. */
  async read(from: number, to: number): Promise<Buffer[]> {
    const { sizes, offsets } = this.#audio;
    const parts: Buffer[] = [];
    for (let packet = from; packet < to; ) {
      const path = this.#pathOf(packet);
      const start = offsets[packet] as number;
      let end = start;
      while (packet < to && offsets[packet] === end && this.#pathOf(packet) === path) {
        end += sizes[packet++] as number;
      }
      parts.push(await this.#bytes(path, start, end));
    }
    return parts;
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  #pathOf(packet: number): string {
    return this.#audio.files.findLast((file) => file.from <= packet)?.path ?? '';
  }

  async #bytes(path: string, start: number, end: number): Promise<Buffer> {
    const inWindow = start >= this.#windowAt && end <= this.#windowAt + this.#window.length;
    if (path !== this.#path || !inWindow) await this.#moveWindow(path, start, end);
    return this.#window.subarray(start - this.#windowAt, end - this.#windowAt);
  }

  async #moveWindow(path: string, start: number, end: number): Promise<void> {
    if (path !== this.#path) {
      await this.close();
      this.#file = await open(path);
      this.#path = path;
    }
    // Always a new one: parts of the old one may still be waiting to be written.
    const window = Buffer.allocUnsafe(Math.max(WINDOW_BYTES, end - start));
    const bytesRead = (await this.#file?.read(window, 0, window.length, start))?.bytesRead ?? 0;
    if (bytesRead < end - start) throw new Error('The audio changed while it was read.');
    this.#window = window.subarray(0, bytesRead);
    this.#windowAt = start;
  }
}
