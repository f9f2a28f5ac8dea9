import { frameRate, type PictureTrack } from '../picture/picture_track.ts';
import { box, fullBox, u8, u16, u32, u32s } from './boxes.ts';
import { type Layout, mediaBox, trackHeader } from './track_box.ts';

/** Ticks of the picture's clock per frame; the same as ffmpeg's, which players are used to. */
const frameTicks = 512;

/** The `trak` of H.264 that starts at once, without an edit list. `ticks` are of the movie's clock. */
export function pictureBox(
  picture: PictureTrack,
  layout: Layout,
  ticks: number,
  shift: number,
): Buffer {
  const { width, height, frames, config } = picture;
  const keys = Array.from({ length: frames }, (_, frame) => frame).filter(picture.isKey);
  const entry = box(
    'avc1',
    u16(0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, width, height),
    u32(0x480000, 0x480000, 0),
    u16(1),
    Buffer.alloc(32),
    u16(24, 0xffff),
    box('avcC', config),
    box('colr', Buffer.from('nclx'), u16(1, 1, 1), u8(0)),
  );
  const media = {
    clock: frameRate * frameTicks,
    ticks: frames * frameTicks,
    handler: { type: 'vide', name: 'VideoHandler' },
    header: fullBox('vmhd', 1, u16(0, 0, 0, 0)),
    entry,
    durations: [frames, frameTicks],
    layout,
    more: [fullBox('stss', 0, u32(keys.length), u32s(keys.map((frame) => frame + 1)))],
  };
  return box('trak', trackHeader({ id: 1, ticks, width, height }), mediaBox(media, shift));
}
