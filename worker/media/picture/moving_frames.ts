import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { decoderConfig, withLength } from '../codec/h264.ts';
import { readSlice, type Slice, UnitSplitter, writeSlice } from '../codec/slices.ts';
import { machineError } from '../errors.ts';
import { type Command, runFfmpeg } from '../ffmpeg/ffmpeg.ts';
import type { Machine } from '../machine.ts';
import { together } from '../together.ts';
import type { FrameFile } from './moving_track.ts';

/** A run of frames, from the first up to but excluding the last. */
export type FrameRun = { from: number; to: number };

type Encoder = { command: Command; stdin?: Iterable<Uint8Array> };

export type MovingFrames = {
  frames: number;
  /** Frames from one key frame to the next. */
  groupFrames: number;
  /** The command that makes and encodes these frames, as a byte stream of H.264 on its stdout. */
  encoder(run: FrameRun): Encoder | Promise<Encoder>;
  /** All slices of a frame, given those that the encoder made. Default: only those. */
  complete?(coded: Slice[], sinceKey: number): Slice[];
  onProgress(fraction: number): void;
};

/** Encoding one frame takes less than this many seconds on any machine. */
const slowestFrameSeconds = 1;

export type EncodedFrames = {
  files: FrameFile[];
  /** The AVCDecoderConfigurationRecord of the encoder's stream. */
  config: Buffer;
};

/** Encodes the frames in as many runs of whole groups at once as there are threads. */
export async function encodeFrames(machine: Machine, moving: MovingFrames): Promise<EncodedFrames> {
  const groups = Math.ceil(moving.frames / moving.groupFrames);
  const runs = Math.min(groups, machine.threads);
  const seam = (i: number) =>
    Math.min(moving.frames, Math.round((groups * i) / runs) * moving.groupFrames);
  let done = 0;
  const onFrame = () => moving.onProgress(++done / moving.frames);
  const encoded = await together(
    machine.signal,
    ...Array.from({ length: runs }, (_, i) => (signal: AbortSignal) => {
      const run = { from: seam(i), to: seam(i + 1) };
      return encodeRun({ ...machine, signal }, moving, run, onFrame);
    }),
  );
  const config = encoded[0]?.config;
  if (!config || encoded.some((one) => !one.config.equals(config)))
    throw machineError('parts of one video were encoded with different parameters');
  return { files: encoded.map(({ file }) => file), config };
}

async function encodeRun(
  machine: Machine,
  moving: MovingFrames,
  run: FrameRun,
  onFrame: () => void,
): Promise<{ file: FrameFile; config: Buffer }> {
  const path = join(machine.dir, `frames-${run.from}`);
  const sizes = new Uint32Array(run.to - run.from);
  const file = createWriteStream(path);
  const written = finished(file);
  // The error is reported when the result is awaited.
  written.catch(() => {});
  const splitter = new UnitSplitter();
  const parameters = new Map<number, Buffer>();
  let coded: Slice[] = [];
  let count = 0;

  const endFrame = () => {
    if (coded.length === 0) return;
    const frame = run.from + count;
    const sinceKey = frame % moving.groupFrames;
    const slices = moving.complete?.(coded, sinceKey) ?? coded;
    // Two consecutive key frames must have different numbers, even when a cycle of them starts again.
    const keyId = Math.floor(frame / moving.groupFrames);
    const packet = Buffer.concat(
      slices.map((slice) => withLength(writeSlice(slice, sinceKey, keyId))),
    );
    file.write(packet);
    sizes[count++] = packet.length;
    coded = [];
    onFrame();
  };
  const take = (units: Buffer[]) => {
    for (const unit of units) {
      const slice = readSlice(unit);
      parameters.set((unit[0] ?? 0) & 31, unit);
      if (!slice) continue;
      if (slice.firstBlock === 0) endFrame();
      coded.push(slice);
    }
  };

  const { command, stdin } = await moving.encoder(run);
  const ended = await runFfmpeg(command, {
    ...machine,
    limitSeconds: 60 + sizes.length * slowestFrameSeconds,
    stdin,
    onStdout: (chunk) => take(splitter.push(chunk)),
  });
  take(splitter.end());
  endFrame();
  file.end();
  await written;
  if (ended.code !== 0) throw machineError(ended.stderr);
  if (count !== sizes.length) throw machineError(`${count} frames came of ${sizes.length}`);
  const [sequence, picture] = [parameters.get(7), parameters.get(8)];
  if (!sequence || !picture) throw machineError('the encoder gave no parameters');
  return { file: { path, sizes }, config: decoderConfig(sequence, picture) };
}
