import { packetSamples } from '../codec/aac.ts';
import { box, fullBox, u8, u16, u32 } from './boxes.ts';
import type { AacAudio } from './read.ts';
import { type Layout, mediaBox, trackHeader } from './track_box.ts';

/** As many packets as contain everything that is heard. */
export const packetsOf = ({ priming, samples }: AacAudio): number =>
  Math.ceil((priming + samples) / packetSamples);

/**
 * The `trak` of AAC-LC. An edit list skips the encoder's run-up; the "roll" group beside it says that each
 * packet needs the one before it. Without an edit list all packets are heard, and the last of them ends with
 * the picture, if possible: `pictureSamples` is the length of the picture in the sound's clock.
 */
export function soundBox(
  sound: AacAudio,
  layout: Layout,
  edit: boolean,
  pictureSamples: number,
  shift: number,
): Buffer {
  const packets = layout.sizes.length;
  const before = (packets - 1) * packetSamples;
  const end = edit ? sound.priming + sound.samples : pictureSamples;
  const last = Math.min(packetSamples, Math.max(1, end - before));
  const ticks = edit ? sound.samples : before + last;
  const entry = box(
    'mp4a',
    u16(0, 0, 0, 1, 0, 0, 0, 0, 2, 16, 0, 0, sound.sampleRate, 0),
    fullBox('esds', 0, decoderDescriptor(sound.config, bitRate(sound.sampleRate, layout))),
  );
  const media = {
    clock: sound.sampleRate,
    ticks: before + last,
    handler: { type: 'soun', name: 'SoundHandler' },
    header: fullBox('smhd', 0, u16(0, 0)),
    entry,
    durations: [...(packets > 1 ? [packets - 1, packetSamples] : []), 1, last],
    layout,
    more: edit ? rollGroup(packets) : [],
  };
  const header = trackHeader({ id: 2, ticks, isSound: true });
  const edits = fullBox('elst', 0, u32(1, ticks, sound.priming, 0x10000));
  return box('trak', header, ...(edit ? [box('edts', edits)] : []), mediaBox(media, shift));
}

/** To decode a packet, start one earlier. */
function rollGroup(packets: number): Buffer[] {
  const distance = u16(-1 & 0xffff);
  const version1 = u32(0x0100_0000);
  return [
    box('sgpd', version1, Buffer.from('roll'), u32(distance.length, 1), distance),
    fullBox('sbgp', 0, Buffer.from('roll'), u32(1, packets, 1)),
  ];
}

function bitRate(sampleRate: number, { sizes }: Layout): number {
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return Math.round((bytes * 8 * sampleRate) / (sizes.length * packetSamples));
}

/** The ES_Descriptor of AAC: its type, its bit rate, and how to decode it. */
function decoderDescriptor(config: Buffer, rate: number): Buffer {
  const specific = descriptor(5, config);
  const decoder = descriptor(4, u8(0x40, 0x15, 0, 0x18, 0), u32(rate, rate), specific);
  return descriptor(3, u16(2), u8(0), decoder, descriptor(6, u8(2)));
}

function descriptor(tag: number, ...parts: Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([u8(tag, 0x80, 0x80, 0x80, body.length), body]);
}
