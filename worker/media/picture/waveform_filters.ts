import { rgbToYuv } from './bt709.ts';
import type { Size } from './canvas.ts';
import { frameRate } from './picture_track.ts';
import type { Place } from './waveform_layout.ts';
import type { Scrim } from './waveform_scrim.ts';

export const sizeOf = ({ width, height }: Size): string => `${width}x${height}`;

export const rawInput = (pixels: 'rgb24' | 'gray', size: string): string[] => [
  ...['-f', 'rawvideo', '-pixel_format', pixels],
  ...['-video_size', size, '-framerate', `${frameRate}`],
];

/** Lays the waveform, whose masks are this input, over a picture that begins at `firstRow` of the video. */
export function inkFilters(
  { place, color }: { place: Place; color: string },
  picture: string,
  masks: number,
  result: string,
  firstRow = 0,
): string[] {
  return [
    `${oneColor(color, place)},loop=-1:1[ink]`,
    `[ink][${masks}:v]alphamerge[wave]`,
    `${picture}[wave]overlay=${place.x}:${place.y - firstRow}:format=yuv420${result}`,
  ];
}

/** Lays a scrim, whose mask is this input, over a picture. */
export function scrimFilters(
  { place, color }: Scrim,
  picture: string,
  mask: number,
  result: string,
): string[] {
  return [
    `${oneColor(color, place)}[shade]`,
    `[shade][${mask}:v]alphamerge,loop=-1:1[scrim]`,
    `${picture}[scrim]overlay=${place.x}:${place.y}:format=yuv420${result}`,
  ];
}

/** One frame. */
const oneColor = (color: string, size: Size): string =>
  [
    `color=${color.replace('#', '0x')}:s=${sizeOf(size)}:r=${frameRate}`,
    ...['trim=end_frame=1', 'format=rgb24', ...rgbToYuv, 'format=yuva420p'],
  ].join(',');
