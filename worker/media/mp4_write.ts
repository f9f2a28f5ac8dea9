import { PACKET_SAMPLES } from './aac.ts';
import { RenderError } from './errors.ts';
import type { StillVideo } from './h264.ts';
import { HashedFile } from './hashed_file.ts';
import { u32 } from './mp4_boxes.ts';
import { FILE_TYPE, type Layout, movieIndex } from './mp4_index.ts';
import type { AacAudio } from './mp4_read.ts';
import { PacketReader } from './packet_reader.ts';

export const FRAME_RATE = 25;

/** Key frames make seeking quick and files big: one in 10 seconds, fewer where the picture is heavy. */
const KEY_SECONDS = { least: 10, most: 20 };
const KEY_BYTES_PER_SECOND = 40_000;
/** Offsets have 32 bits. */
const MAX_BYTES = 0xffff_ffff;

/**
 * Writes picture and sound as an MP4 whose index comes first, front to back in one go.
 * A second of frames, which are the same few packets over and over, and a second of audio take turns.
 */
export async function writeMp4(
  path: string,
  still: StillVideo,
  audio: AacAudio,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<{ bytes: number; sha256: string }> {
  const movie = planMovie(still, audio);
  const reader = new PacketReader(audio);
  const out = await HashedFile.create(path);
  try {
    await out.write(movie.head);
    for (let second = 0; second < movie.seconds; second++) {
      signal.throwIfAborted();
      await out.write(movie.frames(second));
      await out.write(
        await reader.read(movie.packetsBefore(second), movie.packetsBefore(second + 1)),
      );
      onProgress((second + 1) / movie.seconds);
    }
    return await out.finish();
  } finally {
    await reader.close();
    await out.close();
  }
}

function planMovie(still: StillVideo, audio: AacAudio) {
  const frameCount = Math.max(1, Math.round((audio.samples / audio.sampleRate) * FRAME_RATE));
  const seconds = Math.ceil(frameCount / FRAME_RATE);
  const framesPerKey = FRAME_RATE * keySeconds(still);
  const frame = (i: number) => {
    const since = i % framesPerKey;
    const repeated = still.cycle[(since - still.opening.length) % still.cycle.length];
    return still.opening[since] ?? (repeated as Buffer);
  };
  const frames = (second: number) => {
    const from = second * FRAME_RATE;
    const count = Math.min(FRAME_RATE, frameCount - from);
    return Array.from({ length: count }, (_, i) => frame(from + i));
  };
  const packetCount = Math.ceil((audio.priming + audio.samples) / PACKET_SAMPLES);
  const packetsBefore = (second: number) => {
    if (second === 0) return 0;
    if (second === seconds) return packetCount;
    const samples = second * audio.sampleRate + audio.priming;
    return Math.min(packetCount, Math.ceil(samples / PACKET_SAMPLES));
  };

  const video = new Track(frameCount);
  const sound = new Track(packetCount);
  let bytes = 0;
  for (let second = 0; second < seconds; second++) {
    bytes += video.addChunk(
      bytes,
      frames(second).map((packet) => packet.length),
    );
    const sizes = audio.sizes.subarray(packetsBefore(second), packetsBefore(second + 1));
    bytes += sound.addChunk(bytes, sizes);
  }

  const index = (shift: number) =>
    movieIndex(
      { ...still, ...video.layout(), framesPerSecond: FRAME_RATE, framesPerKey },
      { ...audio, ...sound.layout() },
      shift,
    );
  const headBytes = FILE_TYPE.length + index(0).length + 8;
  if (headBytes + bytes > MAX_BYTES) {
    throw new RenderError('The video would be larger than 4 GB.', `${bytes} bytes of media`);
  }
  const mediaHead = Buffer.concat([u32(bytes + 8), Buffer.from('mdat')]);
  return { head: [FILE_TYPE, index(headBytes), mediaHead], seconds, frames, packetsBefore };
}

function keySeconds(still: StillVideo): number {
  const affordable = Math.ceil((still.opening[0]?.length ?? 0) / KEY_BYTES_PER_SECOND);
  return Math.min(KEY_SECONDS.most, Math.max(KEY_SECONDS.least, affordable));
}

/** Collects where the samples of one track lie. */
class Track {
  #sizes: Uint32Array;
  #filled = 0;
  #chunkOffsets: number[] = [];
  #chunkSamples: number[] = [];

  constructor(samples: number) {
    this.#sizes = new Uint32Array(samples);
  }

  /** Puts samples of these sizes there, and gives their bytes. */
  addChunk(offset: number, sizes: ArrayLike<number>): number {
    if (sizes.length === 0) return 0;
    this.#sizes.set(sizes, this.#filled);
    this.#filled += sizes.length;
    this.#chunkOffsets.push(offset);
    this.#chunkSamples.push(sizes.length);
    let bytes = 0;
    for (let i = 0; i < sizes.length; i++) bytes += sizes[i] as number;
    return bytes;
  }

  layout(): Layout {
    return {
      sizes: this.#sizes,
      chunkOffsets: this.#chunkOffsets,
      chunkSamples: this.#chunkSamples,
    };
  }
}
