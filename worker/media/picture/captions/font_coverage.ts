import { closeSync, openSync, readSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { ownFontFiles } from './fonts.ts';

/** Reads this many bytes of a font file at an offset; fewer at its end. */
type Read = (at: number, bytes: number) => Buffer;

/** Remembers that a font can draw these code points, both ends included. */
type Mark = (from: number, to: number) => void;

const font = /\.(ttf|otf|ttc|otc)$/i;
const mostTableBytes = 4 * 1024 * 1024;
const codePoints = 0x110000;

/** Which characters our own fonts, and those of some folders, can draw: one bit per code point. */
export class FontCoverage {
  #bits = new Uint8Array(codePoints / 8);
  #folders: string[];
  #reading: Promise<void> | undefined;

  constructor(folders: string[]) {
    this.#folders = folders;
    for (const bytes of ownFontFiles()) this.#add((at, count) => bytes.subarray(at, at + count));
  }

  /** The characters that no font has. Reads the folders only if our own fonts lack one. */
  async lacks(letters: string[]): Promise<string[]> {
    const missing = () => letters.filter((letter) => !this.#has(letter.codePointAt(0) as number));
    if (missing().length === 0) return [];
    this.#reading ??= this.#readFolders();
    await this.#reading;
    return missing();
  }

  #has(codePoint: number): boolean {
    return (((this.#bits[codePoint >> 3] ?? 0) >> (codePoint & 7)) & 1) === 1;
  }

  async #readFolders(): Promise<void> {
    for (const folder of this.#folders) {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      for (const { name, parentPath } of entries) {
        if (font.test(name)) this.#addFile(join(parentPath, name));
        // There may be hundreds of files, and the process has other work.
        await setImmediate();
      }
    }
  }

  #addFile(path: string): void {
    let file: number | undefined;
    try {
      const open = openSync(path, 'r');
      file = open;
      this.#add((at, count) => {
        const bytes = Buffer.alloc(Math.min(count, mostTableBytes));
        return bytes.subarray(0, readSync(open, bytes, 0, bytes.length, at));
      });
    } catch {
      // A file that cannot be read draws nothing.
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }

  #add(read: Read): void {
    const bits = this.#bits;
    const mark: Mark = (from, to) => {
      for (let code = from; code <= to && code < codePoints; code++)
        bits[code >> 3] = (bits[code >> 3] ?? 0) | (1 << (code & 7));
    };
    for (const table of characterMaps(read)) markDrawn(table, mark);
  }
}

/** The `cmap` tables of a font file (OpenType), or of each font in a collection. */
function characterMaps(read: Read): Buffer[] {
  const head = read(0, 12);
  const isCollection = head.toString('latin1', 0, 4) === 'ttcf';
  const fonts = isCollection ? head.readUInt32BE(8) : 1;
  const starts = isCollection ? read(12, 4 * fonts) : Buffer.alloc(4);
  const places = new Map<number, number>();
  for (let n = 0; n < fonts; n++) {
    const start = starts.readUInt32BE(4 * n);
    const tables = read(start + 12, 16 * read(start + 4, 2).readUInt16BE());
    for (let at = 0; at < tables.length; at += 16) {
      if (tables.toString('latin1', at, at + 4) === 'cmap')
        places.set(tables.readUInt32BE(at + 8), tables.readUInt32BE(at + 12));
    }
  }
  return [...places].map(([at, bytes]) => read(at, bytes));
}

/** Marks the code points of a `cmap` that have a glyph, from its Unicode subtables of format 4 and 12. */
function markDrawn(table: Buffer, mark: Mark): void {
  for (let n = 0; n < table.readUInt16BE(2); n++) {
    const platform = table.readUInt16BE(4 + 8 * n);
    const encoding = table.readUInt16BE(6 + 8 * n);
    const subtable = table.subarray(table.readUInt32BE(8 + 8 * n));
    const isUnicode = platform === 0 || (platform === 3 && (encoding === 1 || encoding === 10));
    const format = isUnicode && subtable.readUInt16BE(0);
    if (format === 4) markSegments(subtable, mark);
    if (format === 12) markSequences(subtable, mark);
  }
}

function markSegments(subtable: Buffer, mark: Mark): void {
  const bytes = subtable.readUInt16BE(6);
  const starts = 16 + bytes;
  for (let at = 0; at < bytes; at += 2) {
    const from = subtable.readUInt16BE(starts + at);
    const to = subtable.readUInt16BE(14 + at);
    const delta = subtable.readUInt16BE(starts + bytes + at);
    const offsetAt = starts + 2 * bytes + at;
    const offset = subtable.readUInt16BE(offsetAt);
    for (let code = from; code <= to && code < 0xffff; code++) {
      const glyph =
        offset === 0 ? code : subtable.readUInt16BE(offsetAt + offset + 2 * (code - from));
      if (glyph !== 0 && ((glyph + delta) & 0xffff) !== 0) mark(code, code);
    }
  }
}

function markSequences(subtable: Buffer, mark: Mark): void {
  for (let n = 0; n < subtable.readUInt32BE(12); n++) {
    const at = 16 + 12 * n;
    const from = subtable.readUInt32BE(at);
    const isMissing = subtable.readUInt32BE(at + 8) === 0;
    mark(isMissing ? from + 1 : from, subtable.readUInt32BE(at + 4));
  }
}
