import { box, fullBox, u8, u16, u32 } from './boxes.ts';
import { type CaptionSample, type Look, styleRecord } from './caption_samples.ts';
import { languageOf } from './language.ts';
import type { CaptionTrack } from './movie.ts';
import { type Layout, mediaBox, trackHeader } from './track_box.ts';

const clock = 1000;
const center = 1;
const atBottom = 255;
const inFront = -1;
/** Different from the sound's group (none), because captions are selected separately. */
const group = 3;
const font = { id: 1, name: 'Sans-Serif' };
const white = Buffer.from([255, 255, 255, 255]);
const transparent = Buffer.alloc(4);

type Size = { width: number; height: number };

/** White letters whose size suits the picture. */
export const captionLook = ({ height, width }: Size): Look => ({
  fontId: font.id,
  fontSize: Math.min(255, Math.max(8, Math.round(Math.min(height, width) / 20))),
  color: white,
});

/** The `trak` of timed text (3GPP TS 26.245) at the bottom of the picture. */
export function captionsBox(
  samples: CaptionSample[],
  size: Size,
  { language, isOff }: Pick<CaptionTrack, 'language' | 'isOff'>,
  layout: Layout,
  ticks: number,
  shift: number,
): Buffer {
  const media = {
    clock: clock,
    ticks: samples.reduce((sum, { ms }) => sum + ms, 0),
    language: languageOf(language),
    handler: { type: 'sbtl', name: 'SubtitleHandler' },
    header: fullBox('nmhd', 0),
    entry: sampleEntry(size),
    durations: samples.flatMap(({ ms }) => [1, ms]),
    layout,
  };
  const header = trackHeader({ id: 3, ticks, ...size, layer: inFront, group: group, isOff });
  return box('trak', header, mediaBox(media, shift));
}

/** Within the picture, with a margin below. */
function sampleEntry({ width, height }: Size): Buffer {
  const bottom = Math.round(height * 0.95);
  return box(
    'tx3g',
    u16(0, 0, 0, 1),
    u32(0),
    u8(center, atBottom),
    transparent,
    u16(0, 0, bottom, width),
    styleRecord(0, 0, 0, captionLook({ width, height })),
    box('ftab', u16(1, font.id), u8(font.name.length), Buffer.from(font.name)),
  );
}
