import { createReadStream } from 'node:fs';
import { withHonestLevel } from '../codec/level.ts';
import { frameRate, type PictureTrack } from './picture_track.ts';

/** Frames one after the other in a file, in MP4 format. */
export type FrameFile = { path: string; sizes: Uint32Array };

export type MovingVideo = Pick<PictureTrack, 'width' | 'height' | 'config'> & {
  /** One after the other; each starts with a key frame. */
  files: FrameFile[];
  /** Frames from one key frame to the next. Each file except the last contains whole groups. */
  groupFrames: number;
};

/** The video with the level that its heaviest frame requires; undefined when that is beyond all levels. */
export function withLevel(video: MovingVideo): MovingVideo | undefined {
  const heaviest = Math.max(
    ...video.files.map(({ sizes }) => sizes.reduce((a, b) => Math.max(a, b), 0)),
  );
  const config = withHonestLevel(video.config, { ...video, framesPerSecond: frameRate, heaviest });
  return config && { ...video, config };
}

/** The video as a track of this many frames; if they are more than it has, it starts again. */
export function movingTrack(video: MovingVideo, frames: number): PictureTrack {
  const { width, height, config, groupFrames } = video;
  const parts: Part[] = [];
  let cycle = 0;
  for (const { path, sizes } of video.files) {
    parts.push({ path, sizes, from: cycle, offsets: offsetsOf(sizes) });
    cycle += sizes.length;
  }
  const partOf = (place: number) => parts.findLast(({ from }) => from <= place) as Part;

  async function* read(from: number, to: number): AsyncGenerator<Buffer> {
    for (let at = from; at < to; ) {
      const place = at % cycle;
      const part = partOf(place);
      const first = place - part.from;
      const last = Math.min(first + to - at, part.sizes.length);
      const bytes = { start: part.offsets[first], end: (part.offsets[last] as number) - 1 };
      yield* createReadStream(part.path, bytes);
      at += last - first;
    }
  }

  return {
    width,
    height,
    config,
    frames,
    isKey: (frame) => (frame % cycle) % groupFrames === 0,
    size: (frame) => {
      const part = partOf(frame % cycle);
      return part.sizes[(frame % cycle) - part.from] as number;
    },
    read,
  };
}

type Part = FrameFile & { from: number; offsets: Float64Array };

/** Where each frame starts, and where the last one ends. */
function offsetsOf(sizes: Uint32Array): Float64Array {
  const offsets = new Float64Array(sizes.length + 1);
  for (const [i, size] of sizes.entries()) offsets[i + 1] = (offsets[i] as number) + size;
  return offsets;
}
