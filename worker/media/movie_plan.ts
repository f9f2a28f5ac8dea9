import { PACKET_SAMPLES } from './aac.ts';
import { MediaError } from './errors.ts';
import type { StillVideo } from './h264.ts';
import { u32 } from './mp4_boxes.ts';
import { FILE_TYPE, type Layout, movieIndex } from './mp4_index.ts';
import type { AacAudio } from './mp4_read.ts';

export const FRAME_RATE = 25;

/** Key frames make seeking quick and files big: one in 10 seconds, fewer where the picture is heavy. */
const KEY_SECONDS = { least: 10, most: 20 };
const KEY_BYTES_PER_SECOND = 40_000;
/** Offsets have 32 bits; the index before the media takes some megabytes. */
const MAX_BYTES = 0xffff_ffff - 64 * 1024 * 1024;

/** A movie in which a second of frames and a second of audio packets take turns. */
export type MoviePlan = {
  /** Everything before the media: file type, index, the head of the media. */
  head: Buffer[];
  seconds: number;
  /** The frames of this second, one after the other. */
  frames(second: number): Buffer;
  /** How many audio packets lie before this second. */
  packetsBefore(second: number): number;
};

/** Lays out picture and sound; the picture lasts as long as the sound, to the nearest frame. */
export function planMovie(still: StillVideo, audio: AacAudio): MoviePlan {
  const frameCount = Math.max(1, Math.round((audio.samples / audio.sampleRate) * FRAME_RATE));
  const seconds = Math.ceil(frameCount / FRAME_RATE);
  const keySeconds = chooseKeySeconds(still);
  const second = secondsOf(still, keySeconds, frameCount);

  const packetCount = Math.ceil((audio.priming + audio.samples) / PACKET_SAMPLES);
  const packetsBefore = (at: number) => {
    if (at === 0) return 0;
    const packets = Math.ceil((at * audio.sampleRate + audio.priming) / PACKET_SAMPLES);
    return at === seconds ? packetCount : Math.min(packetCount, packets);
  };

  const video = new Track(frameCount);
  const sound = new Track(packetCount);
  let bytes = 0;
  for (let at = 0; at < seconds; at++) {
    bytes += video.addChunk(bytes, second(at).sizes);
    bytes += sound.addChunk(bytes, audio.sizes.subarray(packetsBefore(at), packetsBefore(at + 1)));
  }

  const index = (shift: number) =>
    movieIndex(
      {
        ...still,
        ...video.layout,
        framesPerSecond: FRAME_RATE,
        framesPerKey: keySeconds * FRAME_RATE,
      },
      { ...audio, ...sound.layout },
      shift,
    );
  if (bytes > MAX_BYTES) {
    throw new MediaError('The video would be larger than 4 GB. Upload shorter audio.');
  }
  const headBytes = FILE_TYPE.length + index(0).length + 8;
  const mediaHead = Buffer.concat([u32(bytes + 8), Buffer.from('mdat')]);
  return {
    head: [FILE_TYPE, index(headBytes), mediaHead],
    seconds,
    frames: (at) => second(at).bytes,
    packetsBefore,
  };
}

function chooseKeySeconds(still: StillVideo): number {
  const affordable = Math.ceil((still.opening[0]?.length ?? 0) / KEY_BYTES_PER_SECOND);
  return Math.min(KEY_SECONDS.most, Math.max(KEY_SECONDS.least, affordable));
}

type Second = { bytes: Buffer; sizes: number[] };

/** Each second is one of the few that there are from one key frame to the next; the last may be shorter. */
function secondsOf(still: StillVideo, keySeconds: number, frameCount: number) {
  const made = new Map<string, Second>();
  return (at: number): Second => {
    const sinceKey = at % keySeconds;
    const count = Math.min(FRAME_RATE, frameCount - at * FRAME_RATE);
    const kind = `${sinceKey} ${count}`;
    const known = made.get(kind);
    if (known) return known;
    const frames = Array.from({ length: count }, (_, i) =>
      frameAt(still, sinceKey * FRAME_RATE + i),
    );
    const second = { bytes: Buffer.concat(frames), sizes: frames.map((frame) => frame.length) };
    made.set(kind, second);
    return second;
  };
}

function frameAt({ opening, cycle }: StillVideo, sinceKey: number): Buffer {
  return opening[sinceKey] ?? (cycle[(sinceKey - opening.length) % cycle.length] as Buffer);
}

/** Collects where the samples of one track lie. */
class Track {
  readonly layout: Layout;
  #filled = 0;

  constructor(samples: number) {
    this.layout = { sizes: new Uint32Array(samples), chunkOffsets: [], chunkSamples: [] };
  }

  /** Puts samples of these sizes there, and gives their bytes. */
  addChunk(offset: number, sizes: ArrayLike<number>): number {
    if (sizes.length === 0) return 0;
    this.layout.chunkOffsets.push(offset);
    this.layout.chunkSamples.push(sizes.length);
    let bytes = 0;
    for (let i = 0; i < sizes.length; i++) {
      const size = sizes[i] as number;
      this.layout.sizes[this.#filled++] = size;
      bytes += size;
    }
    return bytes;
  }
}
