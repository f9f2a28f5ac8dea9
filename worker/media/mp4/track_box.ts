import { box, fullBox, u16, u32, u32s } from './boxes.ts';

/** One track's samples, in the order and the chunks of the file. */
export type Layout = {
  sizes: Uint32Array;
  chunkOffsets: number[];
  chunkSamples: number[];
};

export const unity = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
const [enabled, inMovie] = [1, 2];
const undetermined = 'und';

export type TrackHeader = {
  id: number;
  /** In the movie's clock. */
  ticks: number;
  width?: number;
  height?: number;
  /** The lower, the closer to the viewer. */
  layer?: number;
  /** A player plays one track of each group; 0: no group. */
  group?: number;
  isSound?: boolean;
  /** Not played until it is selected. */
  isOff?: boolean;
};

export function trackHeader(track: TrackHeader): Buffer {
  const { id, ticks, width = 0, height = 0, layer = 0, group = 0 } = track;
  const { isSound = false, isOff = false } = track;
  return fullBox(
    'tkhd',
    isOff ? inMovie : enabled | inMovie,
    u32(0, 0, id, 0, ticks, 0, 0),
    u16(layer & 0xffff, group, isSound ? 0x0100 : 0, 0),
    unity,
    u32(width * 0x10000, height * 0x10000),
  );
}

export type Media = {
  /** Ticks per second of the track's own clock. */
  clock: number;
  ticks: number;
  /** Three letters of ISO 639-2, and the full tag if they do not say everything. */
  language?: { code: string; tag?: string };
  handler: { type: string; name: string };
  /** The box for the kind of media (`vmhd`, `smhd`, `nmhd`). */
  header: Buffer;
  /** Of the one `stsd` entry. */
  entry: Buffer;
  /** Runs of samples with the same duration: how many samples, how many ticks each. */
  durations: number[];
  layout: Layout;
  /** More boxes of the sample table. */
  more?: Buffer[];
};

/** The `mdia` of a track; `shift` is added to each chunk's offset. */
export function mediaBox(m: Media, shift: number): Buffer {
  const here = fullBox('dref', 0, u32(1), fullBox('url ', 1));
  const table = box(
    'stbl',
    fullBox('stsd', 0, u32(1), m.entry),
    fullBox('stts', 0, u32(m.durations.length / 2), u32s(m.durations)),
    ...chunkTables(m.layout, shift),
    ...(m.more ?? []),
  );
  const { code = undetermined, tag } = m.language ?? {};
  return box(
    'mdia',
    fullBox('mdhd', 0, u32(0, 0, m.clock, m.ticks), u16(packed(code), 0)),
    ...(tag ? [fullBox('elng', 0, Buffer.from(`${tag}\0`))] : []),
    fullBox(
      'hdlr',
      0,
      u32(0),
      Buffer.from(m.handler.type),
      u32(0, 0, 0),
      Buffer.from(`${m.handler.name}\0`),
    ),
    box('minf', m.header, box('dinf', here), table),
  );
}

/** Three letters of five bits each. */
function packed(language: string): number {
  return [...language].reduce((bits, letter) => (bits << 5) | (letter.charCodeAt(0) - 0x60), 0);
}

function chunkTables({ sizes, chunkOffsets, chunkSamples }: Layout, shift: number): Buffer[] {
  const runs: number[] = [];
  chunkSamples.forEach((count, i) => {
    if (i === 0 || count !== chunkSamples[i - 1]) runs.push(i + 1, count, 1);
  });
  const offsets = u32s(chunkOffsets.map((at) => at + shift));
  return [
    fullBox('stsc', 0, u32(runs.length / 3), u32s(runs)),
    fullBox('stsz', 0, u32(0, sizes.length), u32s(sizes)),
    fullBox('stco', 0, u32(chunkOffsets.length), offsets),
  ];
}
