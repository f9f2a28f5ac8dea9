import { PACKET_SAMPLES } from '../codec/aac.ts';
import { MediaError } from '../errors.ts';
import { FRAME_RATE, type PictureTrack } from '../picture/picture_track.ts';
import { u32 } from './boxes.ts';
import { FILE_TYPE, type Layout, movieIndex } from './index.ts';
import type { AacAudio } from './read.ts';

/** Offsets have 32 bits; the index before the media takes some megabytes. */
const MAX_BYTES = 0xffff_ffff - 64 * 1024 * 1024;

/** A movie in which a second of frames and a second of audio packets take turns. */
export type MoviePlan = {
  /** Everything before the media: file type, index, the head of the media. */
  head: Buffer[];
  seconds: number;
  /** How many frames lie before this second. */
  framesBefore(second: number): number;
  /** How many audio packets lie before this second. */
  packetsBefore(second: number): number;
};

/** How many frames last as long as the sound, to the nearest one. */
export function framesFor(audio: AacAudio): number {
  return Math.max(1, Math.round((audio.samples / audio.sampleRate) * FRAME_RATE));
}

/** Lays out picture and sound, which are to last equally long. */
export function planMovie(picture: PictureTrack, audio: AacAudio): MoviePlan {
  const seconds = Math.ceil(picture.frames / FRAME_RATE);
  const framesBefore = (at: number) => Math.min(picture.frames, at * FRAME_RATE);

  const packetCount = Math.ceil((audio.priming + audio.samples) / PACKET_SAMPLES);
  const packetsBefore = (at: number) => {
    if (at === 0) return 0;
    const packets = Math.ceil((at * audio.sampleRate + audio.priming) / PACKET_SAMPLES);
    return at === seconds ? packetCount : Math.min(packetCount, packets);
  };

  const video = new Track(picture.frames);
  const sound = new Track(packetCount);
  let bytes = 0;
  for (let at = 0; at < seconds; at++) {
    const [from, to] = [framesBefore(at), framesBefore(at + 1)];
    bytes += video.addChunk(
      bytes,
      Array.from({ length: to - from }, (_, i) => picture.size(from + i)),
    );
    bytes += sound.addChunk(bytes, audio.sizes.subarray(packetsBefore(at), packetsBefore(at + 1)));
  }

  const keys = Array.from({ length: picture.frames }, (_, frame) => frame).filter(picture.isKey);
  const index = (shift: number) =>
    movieIndex(
      { ...picture, ...video.layout, framesPerSecond: FRAME_RATE, keys },
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
    framesBefore,
    packetsBefore,
  };
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
