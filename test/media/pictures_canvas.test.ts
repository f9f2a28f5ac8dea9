import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import sharp from 'sharp';
import { pictureWarnings } from '../../worker/media/facts.ts';
import { type Canvas, plainCanvas } from '../../worker/media/picture/canvas.ts';
import { composeFrame, type Frame, writePoster } from '../../worker/media/picture/compose_frame.ts';
import { drawn, file, folder } from '../support/media.ts';

/** 160 × 90: small, so that the tests are quick. */
const wide = { ratio: [16, 9], shortSide: 90 } as const;

async function composed(t: TestContext, drawing: string, canvas: Partial<Canvas>): Promise<Frame> {
  const path = await file(await folder(t), 'picture.png', await drawn(drawing));
  return composeFrame(path, 'image/png', { ...plainCanvas, ...canvas });
}

const svg = (width: number, height: number, shapes: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes}</svg>`;
const all = (colour: string) => `<rect width="100%" height="100%" fill="${colour}"/>`;
const dot = (colour: string) => `<circle cx="50%" cy="50%" r="20%" fill="${colour}"/>`;

const at = (frame: Frame, x: number, y: number) =>
  `#${frame.rgb.subarray(3 * (y * frame.width + x)).toString('hex', 0, 3)}`;

/** The colours of the left bar, of a square picture's left edge and middle, and of the right bar. */
const across = (frame: Frame) => [5, 36, 80, 155].map((x) => at(frame, x, 45));

describe('a picture on a canvas of another ratio (7.1–7.4)', () => {
  test('contain: whole, between black bars', async (t) => {
    const frame = await composed(t, svg(30, 30, all('#aa0000')), wide);
    assert.deepEqual([frame.width, frame.height, frame.rgb.length], [160, 90, 160 * 90 * 3]);
    assert.deepEqual(across(frame), ['#000000', '#aa0000', '#aa0000', '#000000']);
  });

  test('contain: between bars of a colour', async (t) => {
    const frame = await composed(t, svg(30, 30, all('#aa0000')), {
      ...wide,
      background: '#123456',
    });
    assert.deepEqual(across(frame), ['#123456', '#aa0000', '#aa0000', '#123456']);
  });

  test('auto: bars of the commonest colour of the edges beside them', async (t) => {
    const picture = `${all('#0a64c8')}<rect width="100%" height="20%" fill="#f00"/>${dot('#ff0')}`;
    const frame = await composed(t, svg(60, 60, picture), { ...wide, background: 'auto' });
    assert.deepEqual(across(frame), ['#0a64c8', '#0a64c8', '#ffff00', '#0a64c8']);
    // Here the bars are above and below, and the edges beside them are red and blue.
    const banner = `${all('#0a64c8')}<rect width="100%" height="50%" fill="#f00"/>`;
    const under = await composed(t, svg(90, 30, banner), { ...wide, background: 'auto' });
    assert.ok(['#0a64c8', '#ff0000'].includes(at(under, 80, 2)), at(under, 80, 2));
  });

  test('what is transparent shows white, and the background where one is given', async (t) => {
    const logo = svg(60, 60, dot('#cc0033'));
    const seen = async (background?: string) =>
      across(await composed(t, logo, { ...wide, ...(background && { background }) }));
    assert.deepEqual(await seen(), ['#000000', '#ffffff', '#cc0033', '#000000']);
    assert.deepEqual(await seen('#2244aa'), ['#2244aa', '#2244aa', '#cc0033', '#2244aa']);
    // A transparent edge has no colour.
    assert.deepEqual(await seen('auto'), ['#ffffff', '#ffffff', '#cc0033', '#ffffff']);
    const source = await composed(t, logo, { background: '#2244aa' });
    assert.deepEqual([at(source, 1, 1), at(source, 30, 30)], ['#2244aa', '#cc0033']);
  });

  test('cover: filled, from the centre', async (t) => {
    const stripes = `${all('#008000')}<rect width="100%" height="18%" fill="#f00"/><rect y="82%" width="100%" height="18%" fill="#00f"/>`;
    const frame = await composed(t, svg(320, 320, stripes), { ...wide, fit: 'cover' });
    for (const [x, y] of [
      [0, 0],
      [159, 0],
      [80, 45],
      [0, 89],
      [159, 89],
    ] as const)
      assert.equal(at(frame, x, y), '#008000');
    const tall = await composed(
      t,
      svg(320, 60, `${all('#008000')}<rect width="30%" height="100%" fill="#f00"/>`),
      { ...wide, fit: 'cover' },
    );
    // A third of the width is left: 30 % to 70 % of it would not show what lies before 33 %.
    assert.deepEqual([at(tall, 4, 45), at(tall, 159, 45)], ['#008000', '#008000']);
  });

  test('blur: whole, over a copy that fills the canvas, blurred and darker', async (t) => {
    const halves = `${all('#c8c8c8')}<rect width="100%" height="50%" fill="#c80000"/>`;
    const frame = await composed(t, svg(60, 60, halves), { ...wide, fit: 'blur' });
    assert.deepEqual([at(frame, 80, 10), at(frame, 80, 80)], ['#c80000', '#c8c8c8']);
    for (const x of [2, 157]) {
      const [top = 0, middle = 0, bottom = 0] = [2, 45, 87].map((y) =>
        Number.parseInt(at(frame, x, y).slice(3, 5), 16),
      );
      assert.ok(top < 20 && bottom > 100 && bottom < 140, `${top} ${bottom}: copied, and darker`);
      assert.ok(middle > 35 && middle < 85, `${middle}: blurred`);
    }
  });

  test('extreme pictures fill and are contained too', async (t) => {
    for (const [width, height] of [
      [9000, 1],
      [1, 9000],
      [1, 1],
    ] as const)
      for (const fit of ['contain', 'cover', 'blur'] as const) {
        const frame = await composed(t, svg(width, height, all('#aa0000')), { ...wide, fit });
        assert.deepEqual([frame.rgb.length, at(frame, 79, 45)], [160 * 90 * 3, '#aa0000']);
      }
  });

  test('the frame tells what came and how much it was enlarged', async (t) => {
    const frame = await composed(t, svg(30, 20, dot('#fff')), wide);
    assert.deepEqual(frame.source, { width: 30, height: 20, transparent: true });
    assert.equal(frame.scale, 4.5);
  });

  test('a small picture is warned of, whether the video is as small or it is enlarged', async (t) => {
    const warned = async (width: number, height: number, canvas: Partial<Canvas> = {}) =>
      pictureWarnings(await composed(t, svg(width, height, all('#aa0000')), canvas)).join();
    assert.match(await warned(30, 20, wide), /30×20 pixels are enlarged .* of 160×90/);
    assert.match(await warned(320, 20), /320×20 pixels is only 320×20/);
    assert.equal(await warned(320, 240), '');
  });

  test('the poster is the same canvas', async (t) => {
    const frame = await composed(t, svg(30, 30, all('#aa0000')), wide);
    const path = `${await folder(t)}/poster.jpg`;
    await writePoster(frame, path);
    const { width, height } = await sharp(path).metadata();
    assert.deepEqual([width, height], [160, 90]);
  });
});
