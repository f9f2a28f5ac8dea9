import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { system } from './media.ts';

/** What to decode of a file, as arguments for ffmpeg, and how to read it. */
export type Wanted<T> = { input: string[]; output: string[]; read(bytes: Buffer): T };

/**
 * Decodes all that is wanted, of one file or of several, by one process: to start ffmpeg takes longer than most
 * of what tests decode. Rejects when a decoder fails.
 */
export async function decode<T extends unknown[]>(
  ...wanted: { [K in keyof T]: Wanted<T[K]> }
): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'vidgen-decoded-'));
  try {
    const inputs = [...new Map(wanted.map(({ input }) => [input.join(' '), input])).values()];
    const numberOf = (input: string[]) =>
      inputs.findIndex((one) => one.join(' ') === input.join(' '));
    await promisify(execFile)(system.ffmpegPath, [
      ...['-v', 'error', '-nostdin', '-xerror', ...inputs.flat()],
      ...wanted.flatMap(({ input, output: [stream = '', ...rest] }, i) => [
        ...['-map', `${numberOf(input)}:${stream}`, ...rest, join(dir, `${i}`)],
      ]),
    ]);
    const read = wanted.map(async (one, i) => one.read(await readFile(join(dir, `${i}`))));
    return (await Promise.all(read)) as T;
  } finally {
    await rm(dir, { recursive: true });
  }
}

/** The sound as interleaved 32-bit floats; `before` are options for the input, `after` for the output. */
export const soundOf = (
  path: string,
  after: string[] = [],
  before: string[] = [],
): Wanted<Float32Array> => ({
  input: [...before, '-i', path],
  output: ['a:0', ...after, '-f', 'f32le'],
  read: ({ buffer, byteOffset, length }) => new Float32Array(buffer, byteOffset, length / 4),
});

/** All frames, one behind the other, as the planes of yuv420p. */
export const framesOf = (path: string): Wanted<Buffer> => ({
  input: ['-i', path],
  output: ['v', '-f', 'rawvideo', '-pix_fmt', 'yuv420p'],
  read: (bytes) => bytes,
});

const asRgb = 'scale=in_color_matrix=bt709:in_range=tv:flags=accurate_rnd+full_chroma_int';
const rgb = ['-f', 'rawvideo', '-pix_fmt', 'rgb24'];

/** The frame to which a player comes that seeks this second, as RGB bytes. */
export const frameAt = (path: string, seconds: number): Wanted<Buffer> => ({
  input: ['-ss', `${seconds}`, '-i', path],
  output: ['v', '-frames:v', '1', '-vf', asRgb, ...rgb],
  read: (bytes) => bytes,
});

/** The frame with this number, as RGB bytes; it is decoded only once when all frames are wanted as well. */
export const frameOf = (path: string, number: number): Wanted<Buffer> => ({
  input: ['-i', path],
  output: ['v', '-frames:v', '1', '-vf', `select=eq(n\\,${number}),${asRgb}`, ...rgb],
  read: (bytes) => bytes,
});
