import { frameRate } from '../picture/picture_track.ts';
import { box, fullBox, u16, u32 } from './boxes.ts';
import type { CaptionSample } from './caption_samples.ts';
import { captionsBox } from './captions_box.ts';
import type { Movie } from './movie.ts';
import { pictureBox } from './picture_box.ts';
import { soundBox } from './sound_box.ts';
import { tagsBox } from './tags_box.ts';
import { type Layout, unity } from './track_box.ts';

export const fileType = box('ftyp', Buffer.from('isom'), u32(512), Buffer.from('isomiso2avc1mp41'));

export type Layouts = { picture: Layout; sound: Layout; captions: Layout };

/** The `moov` of the file; `shift` is added to every chunk's offset. It uses the clock of the sound. */
export function movieBox(
  movie: Movie,
  captionSamples: CaptionSample[],
  layouts: Layouts,
  shift: number,
): Buffer {
  const { picture, sound, captions, noEditLists = false } = movie;
  const clock = sound.sampleRate;
  const ticks = Math.round((picture.frames / frameRate) * clock);
  const tracks = [
    pictureBox(picture, layouts.picture, ticks, shift),
    soundBox(sound, layouts.sound, !noEditLists, ticks, shift),
  ];
  if (captions && captionSamples.length > 0) {
    const size = { width: picture.width, height: picture.height };
    tracks.push(captionsBox(captionSamples, size, captions, layouts.captions, ticks, shift));
  }
  const header = fullBox(
    'mvhd',
    0,
    u32(0, 0, clock, noEditLists ? ticks : Math.max(ticks, sound.samples), 0x10000),
    u16(0x0100, 0, 0, 0, 0, 0),
    unity,
    u32(0, 0, 0, 0, 0, 0, tracks.length + 1),
  );
  return box('moov', header, ...tracks, tagsBox(movie.tags));
}
