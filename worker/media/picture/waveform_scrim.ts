import type { Frame } from './compose_frame.ts';
import { emptyMask, type Mask } from './waveform_capsule.ts';
import type { Place } from './waveform_layout.ts';

/** A soft shade between the picture and a waveform that would be hard to see on it. The mask is its opacity. */
export type Scrim = { color: '#000000' | '#ffffff'; mask: Mask; place: Place };

/** The least contrast of the waveform to what is behind it (WCAG 2, 1.4.11). */
const leastContrast = 3;
/** Colours brighter than this have more contrast to black than to white. */
const middle = 0.18;
/** This share of the picture may be too close to the colour: the rest of the waveform is still visible. */
const mostUnseen = 0.1;
/** The width of its soft edge, as a share of the shorter side. */
const edgeShare = 0.15;

/** As faint as the contrast allows; undefined if nearly all of the waveform is visible without it. */
export function scrimUnder(frame: Frame, place: Place, color: string): Scrim | undefined {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) =>
    Number.parseInt(color.slice(at, at + 2), 16),
  );
  const ink = luminance(red, green, blue);
  const behind = luminancesIn(frame, place);
  const isUnseen = (light: number) => contrast(light, ink) < leastContrast;
  if (behind.filter(isUnseen).length <= mostUnseen * behind.length) return undefined;
  const isDark = ink > middle;
  // The brightest, or the darkest, that counts, and what it has to become.
  const share = isDark ? 1 - mostUnseen / 2 : mostUnseen / 2;
  const worst = value(behind[Math.floor(share * (behind.length - 1))] as number);
  const needed = isDark
    ? value(Math.max(0, (ink + 0.05) / leastContrast - 0.05))
    : value(Math.min(1, (ink + 0.05) * leastContrast - 0.05));
  const opacity = isDark ? 1 - needed / worst : (needed - worst) / (1 - worst);
  return {
    color: isDark ? '#000000' : '#ffffff',
    ...softBox(frame, place, Math.min(1, Math.max(0, opacity))),
  };
}

/** The frame with the scrim on it. */
export function withScrim(frame: Frame, { color, mask, place }: Scrim): Frame {
  const rgb = Buffer.from(frame.rgb);
  const light = color === '#ffffff' ? 255 : 0;
  for (let y = 0, at = 0; y < mask.height; y++) {
    let to = 3 * ((place.y + y) * frame.width + place.x);
    for (let x = 0; x < mask.width; x++, at++) {
      const share = (mask.pixels[at] as number) / 255;
      for (const end = to + 3; to < end; to++) {
        const was = rgb[to] as number;
        rgb[to] = Math.round(was + (light - was) * share);
      }
    }
  }
  return { ...frame, rgb };
}

/** Even over the place, and fading around it within the picture. */
function softBox(frame: Frame, place: Place, opacity: number): { mask: Mask; place: Place } {
  const edge = 2 * Math.round((edgeShare * Math.min(frame.width, frame.height)) / 2);
  const [x, y] = [Math.max(0, place.x - edge), Math.max(0, place.y - edge)];
  const width = Math.min(frame.width, place.x + place.width + edge) - x;
  const height = Math.min(frame.height, place.y + place.height + edge) - y;
  const mask = emptyMask(width, height);
  const beyond = (at: number, from: number, length: number) =>
    Math.max(0, from - at, at - (from + length - 1));
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at++) {
      const away = Math.hypot(
        beyond(x + column, place.x, place.width),
        beyond(y + row, place.y, place.height),
      );
      const fade = Math.max(0, 1 - away / Math.max(1, edge));
      mask.pixels[at] = Math.round(255 * opacity * fade * fade * (3 - 2 * fade));
    }
  }
  return { mask, place: { x, y, width, height } };
}

/** Of every fourth pixel and row, from dark to bright. */
function luminancesIn({ rgb, width }: Frame, place: Place): Float64Array {
  const lights: number[] = [];
  for (let y = place.y; y < place.y + place.height; y += 4) {
    for (let x = place.x; x < place.x + place.width; x += 4) {
      const at = 3 * (y * width + x);
      lights.push(luminance(rgb[at] as number, rgb[at + 1] as number, rgb[at + 2] as number));
    }
  }
  return Float64Array.from(lights).sort();
}

/** Relative luminance (WCAG 2), 0 to 1, of sRGB. */
const luminance = (red: number, green: number, blue: number) =>
  0.2126 * light(red) + 0.7152 * light(green) + 0.0722 * light(blue);

function light(byte: number): number {
  const share = byte / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

/** The grey, 0 to 1, of this luminance. */
const value = (luminance: number) =>
  luminance <= 0.0031308 ? luminance * 12.92 : 1.055 * luminance ** (1 / 2.4) - 0.055;

const contrast = (a: number, b: number) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
