import { frameRate } from './picture_track.ts';
import type { Mask } from './waveform_capsule.ts';
import type { Levels } from './waveform_levels.ts';

/** In pixels of a video with 1,080 on its shorter side. */
const [thickness, waveLength, speed] = [8, 190, 150];

/** A wave that travels from left to right, as high as the sound is loud, and lies flat in silence. */
export function drawLine(mask: Mask, levels: Levels, frame: number, scale: number): void {
  const { pixels, width, height } = mask;
  pixels.fill(0);
  const half = Math.max(1, (thickness * scale) / 2);
  const turns = (2 * Math.PI) / (waveLength * scale);
  const phase = (turns * speed * scale * frame) / frameRate;
  const room = height / 2 - half - 1;
  const heightAt = (x: number) => {
    const outward = Math.abs((2 * (x + 0.5)) / width - 1);
    return room * swingAt(levels, frame, outward) * Math.sin(turns * (x - width / 2) - phase);
  };
  let before = heightAt(-1);
  let here = heightAt(0);
  for (let x = 0; x < width; x++) {
    const next = heightAt(x + 1);
    const slope = (next - before) / 2;
    const y = height / 2 + here;
    // A column cuts a steep line lengthwise, not across.
    const reach = half * Math.sqrt(1 + slope * slope);
    const soft = Math.max(1, Math.abs(slope));
    const to = Math.min(height, Math.ceil(y + reach + soft));
    for (let row = Math.max(0, Math.floor(y - reach - soft)); row < to; row++) {
      const covered = (reach - Math.abs(row + 0.5 - y)) / soft + 0.5;
      if (covered > 0) pixels[row * width + x] = 255 * Math.min(1, covered);
    }
    before = here;
    here = next;
  }
}

/**
 * How far the line swings, 0 to 1: bands from the lowest in the middle outward, interpolated, none at the
 * ends.
 */
function swingAt({ values, bands }: Levels, frame: number, outward: number): number {
  const place = Math.min(0.9999, outward) * (bands - 1);
  const band = Math.floor(place);
  const glide = (1 - Math.cos(Math.PI * (place - band))) / 2;
  const at = frame * bands + band;
  const level = (values[at] ?? 0) * (1 - glide) + (values[at + 1] ?? 0) * glide;
  return level * Math.cos((Math.PI / 2) * outward) ** 0.8;
}
