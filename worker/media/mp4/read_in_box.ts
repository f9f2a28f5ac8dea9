import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readWritten } from '../box/read_written.ts';
import { packetSamples, readLowComplexity } from '../codec/aac.ts';
import { machineError } from '../errors.ts';
import { runOwnProgram } from '../ffmpeg/run_own_program.ts';
import type { Machine } from '../machine.ts';
import type { AacAudio } from './read.ts';
import { maxPackets } from './tables.ts';

/** What the index of a caller's MP4 or M4A file tells. */
export type AudioIndex = {
  /** Set when its packets can be used one by one. */
  audio?: AacAudio;
  /** Set when nothing else is in the file: no cover art, no chapters. */
  onlySound?: boolean;
  /** How much sound it promises, whether the file contains it or not. */
  promisedSeconds?: number;
  /** How much of it is heard, by its edit list. */
  heardSeconds?: number;
};

export type IndexRequest = {
  path: string;
  /** Where to write the offsets of the packets, as float64, and after them their sizes, as uint32. */
  tablesPath: string;
};
export type IndexAnswer = Omit<AudioIndex, 'audio'> & {
  /** The configuration is in hexadecimal. */
  audio?: Pick<AacAudio, 'priming' | 'samples'> & { packets: number; config: string };
};

type InBox = Pick<Machine, 'box' | 'dir' | 'signal'>;

const limitMs = 60_000;
const budget = {
  cpuSeconds: 30,
  sentence:
    'The audio file takes too long to read: its index is damaged or unusual. Export it again.',
};

/**
 * Reads the index in a separate process: whatever a caller's file makes of a reader, it neither holds up this
 * process nor takes its memory. Throws MediaError when the file was made to keep a reader busy.
 */
export async function readInBox(machine: InBox, path: string): Promise<AudioIndex> {
  const tablesPath = join(machine.dir, 'audio-index');
  const request: IndexRequest = { path, tablesPath };
  const answer = await runOwnProgram<IndexAnswer>('mp4/index_program', JSON.stringify(request), {
    ...machine,
    limitMs,
    budget,
  });
  const { audio, ...rest } = answer;
  if (!audio) return rest;
  const { packets, priming, samples } = audio;
  const config = Buffer.from(audio.config, 'hex');
  const facts = readLowComplexity(config);
  const isPossible =
    [packets, priming, samples].every((count) => Number.isInteger(count) && count >= 0) &&
    packets <= maxPackets &&
    priming + samples <= packets * packetSamples;
  if (!facts || !isPossible) throw machineError('the index has an impossible track');
  const { buffer, byteOffset } = await readWritten(tablesPath, 12 * packets);
  await rm(tablesPath);
  return {
    ...rest,
    audio: {
      ...{ files: [{ path, from: 0 }], config, ...facts, priming, samples },
      offsets: new Float64Array(buffer, byteOffset, packets),
      sizes: new Uint32Array(buffer, byteOffset + 8 * packets, packets),
    },
  };
}
