import { closeSync, openSync, readSync } from 'node:fs';
import type { Cue } from '../../../src/captions/cue.ts';
import { withHonestLevel } from '../codec/level.ts';
import { orderCycle, type StillVideo } from '../codec/still_video.ts';
import { machineError } from '../errors.ts';
import { command, runFfmpeg } from '../ffmpeg/ffmpeg.ts';
import type { Machine } from '../machine.ts';
import type { Recipe } from '../recipe.ts';
import { rgbToYuv } from './bt709.ts';
import { type Yuv, yuvBytes } from './captions/blend.ts';
import { drawInBox } from './captions/draw_in_box.ts';
import { encodeSlides, type Packet } from './captions/encode_slides.ts';
import { bareSlide, planSlides } from './captions/plan_slides.ts';
import type { Frame } from './compose_frame.ts';
import { frameRate, type PictureTrack } from './picture_track.ts';
import { framesBetweenKeys } from './still_track.ts';

export type Captioned = {
  frame: Frame;
  /** The same picture, encoded. */
  still: StillVideo;
  cues: Cue[];
  /** A BCP 47 tag. */
  language?: string;
};

/**
 * The picture with captions drawn into it, as a track of this many frames. Each change is coded once, as a
 * picture in which a few blocks differ, and the frames between two changes say "as before".
 */
export async function slideTrack(
  machine: Machine,
  { frame, still, cues, language }: Captioned,
  frames: number,
  keySeconds: Recipe['keySeconds'],
): Promise<PictureTrack> {
  const distance = framesBetweenKeys(still, keySeconds);
  const { pictures, groups, order } = planSlides(cues, frames, distance);
  const captioned = groups.filter((group) => group.some(({ picture }) => picture !== bareSlide));
  const draw = await drawInBox(machine, pictures, frame, language);
  const bare = await toYuv(machine, frame);
  const coded = await encodeSlides(machine, { still, bare, draw }, captioned);
  const codedOf = new Map(captioned.map((group, i) => [group, coded[i]]));

  /** Where there are no captions nearby, the still picture's own packets are used. */
  const packetAt = (at: number): Packet | Buffer => {
    const place = at % distance;
    const changes = codedOf.get(groups[order[Math.floor(at / distance)] as number] ?? []);
    const opening = changes ? undefined : still.opening[place];
    return changes?.get(place) ?? opening ?? asBefore(still, place);
  };
  const sizes = coded.flatMap((changes) => [...changes.values()].map(({ size }) => size));
  const { width, height } = still;
  const demand = { width, height, framesPerSecond: frameRate };
  const heaviest = sizes.reduce((most, size) => Math.max(most, size), 0);
  return {
    width,
    height,
    // A picture beyond every level was so without captions, or nearly.
    config: withHonestLevel(still.config, { ...demand, heaviest }) ?? still.config,
    frames,
    isKey: (at) => at % distance === 0,
    size: (at) => {
      const packet = packetAt(at);
      return Buffer.isBuffer(packet) ? packet.length : packet.size;
    },
    read: (from, to) => [
      Buffer.concat(Array.from({ length: to - from }, (_, i) => bytesOf(packetAt(from + i)))),
    ],
  };
}

/** "Nothing has changed", coded for this position after the key frame. */
function asBefore({ cycle, opening }: StillVideo, place: number): Buffer {
  return cycle[(place - opening.length + orderCycle) % orderCycle] as Buffer;
}

function bytesOf(packet: Packet | Buffer): Buffer {
  if (Buffer.isBuffer(packet)) return packet;
  const bytes = Buffer.alloc(packet.size);
  const file = openSync(packet.path, 'r');
  try {
    readSync(file, bytes, 0, packet.size, packet.offset);
  } finally {
    closeSync(file);
  }
  return bytes;
}

/** In the format that the encoder of the still picture takes. */
async function toYuv(machine: Machine, frame: Frame): Promise<Yuv> {
  const { code, stdout, stderr } = await runFfmpeg(
    command()
      .input('pipe:0')
      .inputOptions(['-f', 'rawvideo', '-pixel_format', 'rgb24', '-framerate', `${frameRate}`])
      .inputOptions(['-video_size', `${frame.width}x${frame.height}`])
      .output('pipe:1')
      .videoFilters(rgbToYuv)
      .outputOptions(['-f', 'rawvideo']),
    { ...machine, limitSeconds: 60, stdin: frame.rgb },
  );
  if (code !== 0 || stdout.length !== yuvBytes(frame)) throw machineError(stderr);
  return { width: frame.width, height: frame.height, planes: stdout };
}
