import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { videoOptions } from '../../src/video_options.ts';
import type { Frame } from '../../worker/media/picture/compose_frame.ts';
import { placeOf } from '../../worker/media/picture/waveform_layout.ts';
import { scrimUnder, withScrim } from '../../worker/media/picture/waveform_scrim.ts';
import { decode, frameAt } from '../support/decode.ts';
import { file, folder, render } from '../support/media.ts';
import { noiseWav } from '../support/wav.ts';

const size = { width: 320, height: 180 };
const place = placeOf({ style: 'bars', position: 'center', color: '' }, size.width, size.height);

/** A picture of these greys side by side, one to a column. */
function striped(...greys: number[]): Frame {
  const rgb = Buffer.alloc(size.width * size.height * 3);
  for (let i = 0; i < rgb.length; i++)
    rgb[i] = greys[(Math.floor(i / 3) % size.width) % greys.length] as number;
  return { ...size, rgb, canvas: size, source: { ...size, transparent: false }, scale: 1 };
}

/** Contrast of two greys (WCAG 2). */
function contrast(a: number, b: number): number {
  const [dark, bright] = [a, b]
    .map((grey) => (grey < 11 ? grey / 3295 : ((grey / 255 + 0.055) / 1.055) ** 2.4) + 0.05)
    .sort((one, other) => one - other);
  return (bright as number) / (dark as number);
}

const at = ({ rgb }: Pick<Frame, 'rgb'>, x: number, y: number) =>
  rgb[3 * (y * size.width + x)] as number;

for (const [what, grey, color] of [
  ['white on white', 255, 255],
  ['white on light grey', 190, 255],
  ['grey on white', 255, 200],
  ['black on black', 0, 0],
  ['black on dark grey', 60, 0],
] as const) {
  test(`a waveform of ${what} has a contrast of 3 : 1, and what is far away stays as it was`, () => {
    const frame = striped(grey);
    const hex = `#${color.toString(16).padStart(2, '0').repeat(3)}`;
    const scrim = scrimUnder(frame, place, hex);
    assert.ok(scrim);
    const shaded = withScrim(frame, scrim);
    const behind = at(shaded, 160, 90);
    const reached = contrast(behind, color);
    assert.ok(reached > 2.95 && reached < 3.3, `${behind}: ${reached}`);
    assert.equal(at(shaded, place.x, place.y), behind, 'to its corners');
    assert.equal(at(shaded, 160, 0), grey);
    const column = Array.from({ length: 90 }, (_, y) => at(shaded, 160, y));
    const steps = column.slice(1).map((value, i) => Math.abs(value - (column[i] as number)));
    assert.ok(Math.max(...steps) < 20, 'its edge is soft');
  });
}

test('what can be seen as it is gets no scrim; a busy picture gets one for its bright parts', () => {
  assert.equal(scrimUnder(striped(0), place, '#ffffff'), undefined);
  assert.equal(scrimUnder(striped(120), place, '#ffffff'), undefined);
  assert.equal(scrimUnder(striped(255), place, '#cc0000'), undefined);
  const busy = striped(20, 120, 250);
  const scrim = scrimUnder(busy, place, '#ffffff');
  assert.ok(scrim);
  assert.ok(
    contrast(Math.max(...[159, 160, 161].map((x) => at(withScrim(busy, scrim), x, 90))), 255) >
      2.95,
  );
});

for (const motion of ['none', 'pan-left'] as const) {
  test(`white bars over a white picture are seen, in a video with motion ${motion}`, async (t) => {
    const dir = await folder(t);
    const imagePath = `${dir}/white.png`;
    await sharp({ create: { ...size, channels: 3, background: '#fff' } }).toFile(imagePath);
    const audioPath = await file(dir, 'a.wav', noiseWav(1));
    const options = videoOptions.parse({ motion, waveform: 'bars', waveformPosition: 'center' });
    const made = await render(t, { imagePath, audioPath, audioType: 'audio/wav', options });
    const [frame] = await decode(frameAt(made.videoPath, 0.6));
    for (const rgb of [frame, await sharp(made.posterPath).raw().toBuffer()]) {
      const row = Array.from({ length: place.width }, (_, x) => at({ rgb }, place.x + x, 90));
      const [dark, bright] = [Math.min(...row), Math.max(...row)];
      assert.ok(contrast(dark, bright) > 2.7, `${dark} and ${bright}`);
      assert.ok(at({ rgb }, 160, 3) > 245, 'far away it is white');
    }
  });
}
