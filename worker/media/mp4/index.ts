import { PACKET_SAMPLES } from '../codec/aac.ts';
import { box, fullBox, u8, u16, u32, u32s } from './boxes.ts';

/** One track's samples, in the order and the chunks in which they lie in the file. */
export type Layout = {
  sizes: Uint32Array;
  chunkOffsets: number[];
  chunkSamples: number[];
};

export type VideoIndex = Layout & {
  width: number;
  height: number;
  config: Buffer;
  framesPerSecond: number;
  /** The frames at which decoding can begin, counted from 0. */
  keys: number[];
};

export type AudioIndex = Layout & {
  config: Buffer;
  sampleRate: number;
  priming: number;
  samples: number;
};

/** Ticks of the video's clock in one frame; as ffmpeg has it, so that players know the sight. */
const FRAME_TICKS = 512;
const UNITY = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
const UNDETERMINED_LANGUAGE = 0x55c4;
const ENABLED_IN_MOVIE = 3;

export const FILE_TYPE = box(
  'ftyp',
  Buffer.from('isom'),
  u32(512),
  Buffer.from('isomiso2avc1mp41'),
);

/** The `moov` of a file with these two tracks; `shift` is added to every chunk's offset. */
export function movieIndex(video: VideoIndex, audio: AudioIndex, shift: number): Buffer {
  const clock = audio.sampleRate;
  const videoTicks = Math.round((video.sizes.length / video.framesPerSecond) * clock);
  const header = fullBox(
    'mvhd',
    0,
    u32(0, 0, clock, Math.max(videoTicks, audio.samples), 0x10000),
    u16(0x0100, 0, 0, 0, 0, 0),
    UNITY,
    u32(0, 0, 0, 0, 0, 0, 3),
  );
  return box('moov', header, videoTrack(video, videoTicks, shift), audioTrack(audio, shift));
}

function videoTrack(v: VideoIndex, ticks: number, shift: number): Buffer {
  const frames = v.sizes.length;
  const entry = box(
    'avc1',
    u16(0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, v.width, v.height),
    u32(0x480000, 0x480000, 0),
    u16(1),
    Buffer.alloc(32),
    u16(24, 0xffff),
    box('avcC', v.config),
    box('colr', Buffer.from('nclx'), u16(1, 1, 1), u8(0)),
  );
  return box(
    'trak',
    trackHeader(1, ticks, 0, v.width, v.height),
    edit(ticks, 0),
    media(
      v.framesPerSecond * FRAME_TICKS,
      frames * FRAME_TICKS,
      handler('vide', 'VideoHandler'),
      fullBox('vmhd', 1, u16(0, 0, 0, 0)),
      fullBox('stsd', 0, u32(1), entry),
      fullBox('stts', 0, u32(1, frames, FRAME_TICKS)),
      fullBox('stss', 0, u32(v.keys.length), u32s(v.keys.map((frame) => frame + 1))),
      ...tables(v, shift),
    ),
  );
}

function audioTrack(a: AudioIndex, shift: number): Buffer {
  const packets = a.sizes.length;
  const last = a.priming + a.samples - (packets - 1) * PACKET_SAMPLES;
  const entry = box(
    'mp4a',
    u16(0, 0, 0, 1, 0, 0, 0, 0, 2, 16, 0, 0, a.sampleRate, 0),
    fullBox('esds', 0, decoderDescriptor(a)),
  );
  return box(
    'trak',
    trackHeader(2, a.samples, 0x0100, 0, 0),
    edit(a.samples, a.priming),
    media(
      a.sampleRate,
      a.priming + a.samples,
      handler('soun', 'SoundHandler'),
      fullBox('smhd', 0, u16(0, 0)),
      fullBox('stsd', 0, u32(1), entry),
      fullBox('stts', 0, u32(2, packets - 1, PACKET_SAMPLES, 1, last)),
      ...tables(a, shift),
    ),
  );
}

function trackHeader(id: number, ticks: number, volume: number, width: number, height: number) {
  return fullBox(
    'tkhd',
    ENABLED_IN_MOVIE,
    u32(0, 0, id, 0, ticks, 0, 0),
    u16(0, volume ? 1 : 0, volume, 0),
    UNITY,
    u32(width * 0x10000, height * 0x10000),
  );
}

/** Play so many ticks of the movie's clock, from this sample of the track on. */
function edit(ticks: number, from: number): Buffer {
  return box('edts', fullBox('elst', 0, u32(1, ticks, from, 0x10000)));
}

function media(clock: number, ticks: number, kind: Buffer, header: Buffer, ...samples: Buffer[]) {
  const here = fullBox('dref', 0, u32(1), fullBox('url ', 1));
  const information = box('minf', header, box('dinf', here), box('stbl', ...samples));
  const clockBox = fullBox('mdhd', 0, u32(0, 0, clock, ticks), u16(UNDETERMINED_LANGUAGE, 0));
  return box('mdia', clockBox, kind, information);
}

function handler(type: string, name: string): Buffer {
  return fullBox('hdlr', 0, u32(0), Buffer.from(type), u32(0, 0, 0), Buffer.from(`${name}\0`));
}

function tables(layout: Layout, shift: number): Buffer[] {
  const runs: number[] = [];
  layout.chunkSamples.forEach((count, i) => {
    if (i === 0 || count !== layout.chunkSamples[i - 1]) runs.push(i + 1, count, 1);
  });
  return [
    fullBox('stsc', 0, u32(runs.length / 3), u32s(runs)),
    fullBox('stsz', 0, u32(0, layout.sizes.length), u32s(layout.sizes)),
    fullBox(
      'stco',
      0,
      u32(layout.chunkOffsets.length),
      u32s(layout.chunkOffsets.map((at) => at + shift)),
    ),
  ];
}

/** The ES_Descriptor of AAC: what it is, how dense it is, how to decode it. */
function decoderDescriptor(a: AudioIndex): Buffer {
  const bytes = a.sizes.reduce((sum, size) => sum + size, 0);
  const bitRate = Math.round((bytes * 8 * a.sampleRate) / (a.sizes.length * PACKET_SAMPLES));
  const specific = descriptor(5, a.config);
  const decoder = descriptor(4, u8(0x40, 0x15, 0, 0x18, 0), u32(bitRate, bitRate), specific);
  return descriptor(3, u16(2), u8(0), decoder, descriptor(6, u8(2)));
}

function descriptor(tag: number, ...parts: Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([u8(tag, 0x80, 0x80, 0x80, body.length), body]);
}
