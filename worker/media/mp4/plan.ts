import { packetSamples } from '../codec/aac.ts';
import { MediaError } from '../errors.ts';
import { frameRate } from '../picture/picture_track.ts';
import { box, u32 } from './boxes.ts';
import { type CaptionSample, captionSamples } from './caption_samples.ts';
import { captionLook } from './captions_box.ts';
import type { Movie } from './movie.ts';
import { fileType, movieBox } from './movie_box.ts';
import type { AacAudio } from './read.ts';
import { packetsOf } from './sound_box.ts';
import type { Layout } from './track_box.ts';

/** Offsets have 32 bits, and the index before the media takes some megabytes. */
const maxBytes = 0xffff_ffff - 64 * 1024 * 1024;

/** A movie in which a second of captions, a second of frames and a second of audio packets alternate. */
export type MoviePlan = {
  /** Everything before the media: file type, index, the header of the media. */
  head: Buffer[];
  seconds: number;
  captions: CaptionSample[];
  /** How many samples of each track come before this second. */
  captionsBefore(second: number): number;
  framesBefore(second: number): number;
  packetsBefore(second: number): number;
  /** The padding of the file. */
  tail: Buffer;
};

/** How many frames last as long as the sound, to the nearest one. */
export function framesFor(sound: Pick<AacAudio, 'samples' | 'sampleRate'>): number {
  return Math.max(1, Math.round((sound.samples / sound.sampleRate) * frameRate));
}

/** Lays out the tracks, which must have the same length. */
export function planMovie(movie: Movie): MoviePlan {
  const { picture, sound } = movie;
  const seconds = Math.ceil(picture.frames / frameRate);
  const endMs = (picture.frames * 1000) / frameRate;
  const captions = captionSamples(movie.captions?.cues ?? [], endMs, captionLook(picture));
  const captionCounts = countBySecond(captions, seconds);
  const packetCount = packetsOf(sound);
  const before = {
    captions: (at: number) => captionCounts[at] as number,
    frames: (at: number) => Math.min(picture.frames, at * frameRate),
    packets: (at: number) => {
      if (at === 0) return 0;
      const packets = Math.ceil((at * sound.sampleRate + sound.priming) / packetSamples);
      return at >= seconds ? packetCount : Math.min(packetCount, packets);
    },
  };

  const text = new Track(captions.length, (i) => captions[i]?.bytes.length ?? 0);
  const frames = new Track(picture.frames, picture.size);
  const packets = new Track(packetCount, (i) => sound.sizes[i] ?? 0);
  let bytes = 0;
  for (let next = 1; next <= seconds; next++) {
    bytes += text.addChunk(bytes, before.captions(next));
    bytes += frames.addChunk(bytes, before.frames(next));
    bytes += packets.addChunk(bytes, before.packets(next));
  }
  if (bytes > maxBytes) {
    throw new MediaError('The video would be larger than 4 GB. Upload shorter audio.');
  }

  const layouts = { picture: frames.layout, sound: packets.layout, captions: text.layout };
  const index = (shift: number) => movieBox(movie, captions, layouts, shift);
  const headBytes = fileType.length + index(0).length + 8;
  const mediaHead = Buffer.concat([u32(bytes + 8), Buffer.from('mdat')]);
  return {
    head: [fileType, index(headBytes), mediaHead],
    seconds,
    captions,
    captionsBefore: before.captions,
    framesBefore: before.frames,
    packetsBefore: before.packets,
    tail: filling((movie.leastBytes ?? 0) - headBytes - bytes),
  };
}

/** How many captions start before each second. */
function countBySecond(captions: CaptionSample[], seconds: number): Uint32Array {
  const counts = new Uint32Array(seconds + 1);
  for (const [i, { fromMs }] of captions.entries()) counts[Math.floor(fromMs / 1000) + 1] = i + 1;
  for (const [second, count] of counts.entries()) {
    counts[second] = Math.max(count, counts[second - 1] ?? 0);
  }
  return counts;
}

/** A `free` box of at least this many bytes; nothing when none are missing. */
function filling(missing: number): Buffer {
  return missing > 0 ? box('free', Buffer.alloc(Math.max(0, missing - 8))) : Buffer.alloc(0);
}

/** Collects the positions of the samples of one track. */
class Track {
  readonly layout: Layout;
  #filled = 0;
  #size: (sample: number) => number;

  constructor(samples: number, size: (sample: number) => number) {
    this.layout = { sizes: new Uint32Array(samples), chunkOffsets: [], chunkSamples: [] };
    this.#size = size;
  }

  /** Places the next samples there, up to but excluding `to`, and returns their number of bytes. */
  addChunk(offset: number, to: number): number {
    if (to === this.#filled) return 0;
    this.layout.chunkOffsets.push(offset);
    this.layout.chunkSamples.push(to - this.#filled);
    let bytes = 0;
    for (; this.#filled < to; this.#filled++) {
      const size = this.#size(this.#filled);
      this.layout.sizes[this.#filled] = size;
      bytes += size;
    }
    return bytes;
  }
}
