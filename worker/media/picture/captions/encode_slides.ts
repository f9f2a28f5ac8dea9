import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { nal, withLength } from '../../codec/h264.ts';
import { readSlice, UnitSplitter, writeSlice } from '../../codec/slices.ts';
import type { StillVideo } from '../../codec/still_video.ts';
import { machineError } from '../../errors.ts';
import { command, runFfmpeg } from '../../ffmpeg/ffmpeg.ts';
import type { Machine } from '../../machine.ts';
import { together } from '../../together.ts';
import { frameRate } from '../picture_track.ts';
import { stillEncoder } from '../still_track.ts';
import { blend, restore, type Yuv } from './blend.ts';
import type { Overlay } from './draw_captions.ts';
import { bareSlide, type Group } from './plan_slides.ts';

/** The position of a packet in a file of the temporary folder: there may be thousands. */
export type Packet = { path: string; offset: number; size: number };
/** The packets of a group, by their position in it. */
export type CodedGroup = Map<number, Packet>;

export type Slides = {
  still: StillVideo;
  /** The picture without captions. */
  bare: Yuv;
  /** Draws the captions of a picture of the plan. */
  draw(picture: number): Promise<Overlay[]>;
};

/** More would make the list of key frames too long for a command line. */
const groupsAProcess = 500;

/** Encodes the changes in these groups, in as many processes as may run at once. */
export async function encodeSlides(
  machine: Machine,
  slides: Slides,
  groups: Group[],
): Promise<CodedGroup[]> {
  const share = Math.min(groupsAProcess, Math.ceil(groups.length / machine.threads));
  const starts = Array.from({ length: Math.ceil(groups.length / share) }, (_, n) => n * share);
  const coded: CodedGroup[][] = [];
  const next = starts.entries();
  const encodeNext = async (signal: AbortSignal) => {
    for (const [n, start] of next) {
      const path = join(machine.dir, `slides-${n}`);
      const some = groups.slice(start, start + share);
      coded[n] = await encode({ ...machine, signal }, slides, some, path);
    }
  };
  await together(machine.signal, ...Array.from({ length: machine.threads }, () => encodeNext));
  return coded.flat();
}

async function encode(machine: Machine, slides: Slides, groups: Group[], path: string) {
  const { still } = slides;
  const places = groups.flatMap((group) => group.map(({ at }) => at));
  const keys = places.flatMap((place, n) => (place === 0 ? [n / frameRate] : []));
  const packets: Packet[] = [];
  const out = openSync(path, 'w');
  let offset = 0;
  const take = (unit: Buffer) => {
    refuseOther(still, unit);
    const slice = readSlice(unit);
    if (!slice) return;
    const place = places[packets.length] ?? 0;
    if (slice.isKey !== (place === 0)) throw machineError('x264 placed a key frame elsewhere');
    // The encoder has not seen the frames between two changes, so frames are numbered again.
    const packet = withLength(writeSlice(slice, place, 0));
    writeSync(out, packet);
    packets.push({ path, offset, size: packet.length });
    offset += packet.length;
  };
  const units = new UnitSplitter();
  try {
    const { code, stderr } = await runFfmpeg(
      command()
        .input('pipe:0')
        .inputOptions(['-f', 'rawvideo', '-pixel_format', 'yuv420p', '-framerate', `${frameRate}`])
        .inputOptions(['-video_size', `${still.width}x${still.height}`])
        .output('pipe:1')
        .outputOptions(stillEncoder(still.quantizer))
        .outputOptions(['-force_key_frames', keys.join(',')]),
      {
        ...machine,
        limitSeconds: 60 + 5 * places.length,
        stdin: pictures(slides, groups),
        onStdout: (chunk) => units.push(chunk).forEach(take),
      },
    );
    units.end().forEach(take);
    if (code !== 0 || packets.length !== places.length) throw machineError(stderr);
  } finally {
    closeSync(out);
  }
  const read = packets.values();
  return groups.map((group): CodedGroup => new Map(group.map(({ at }) => [at, nextOf(read)])));
}

const nextOf = (packets: Iterator<Packet>) => packets.next().value as Packet;

/** A decoder set up for the still picture must understand these too; only their levels may differ. */
function refuseOther({ config }: StillVideo, unit: Buffer) {
  const kind = (unit[0] ?? 0) & 31;
  if (kind !== nal.sequence && kind !== nal.picture) return;
  const behindLevel = unit.subarray(kind === nal.sequence ? 4 : 0);
  if (!config.includes(behindLevel))
    throw machineError('captions coded otherwise than the picture');
}

/** The pictures one after the other, always in the same memory. */
async function* pictures({ bare, draw }: Slides, groups: Group[]) {
  const shown = { ...bare, planes: Buffer.from(bare.planes) };
  let overlays: Overlay[] = [];
  let last = bareSlide;
  for (const { picture } of groups.flat()) {
    if (picture !== last) {
      for (const overlay of overlays) restore(shown, bare, overlay);
      overlays = picture === bareSlide ? [] : await draw(picture);
      for (const overlay of overlays) blend(shown, overlay);
      last = picture;
    }
    yield shown.planes;
  }
}
