import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import sharp, { type Sharp } from 'sharp';
import { type Canvas, plainCanvas } from '../../worker/media/picture/canvas.ts';
import { composeFrame } from '../../worker/media/picture/compose_frame.ts';
import { file, folder, imageType } from '../support/media.ts';
import { pngOf } from '../support/png.ts';
import { sample } from '../support/service.ts';

const compose = async (path: string, canvas: Partial<Canvas> = {}, maxMegapixels?: number) =>
  composeFrame(path, await imageType(path), { ...plainCanvas, ...canvas }, { maxMegapixels });

describe('a JPEG that is damaged', () => {
  const photograph = sharp(sample('portrait.jpg')).resize(320, 240);
  const endOfImage = Buffer.from([0xff, 0xd9]);
  for (const progressive of [false, true]) {
    const kind = progressive ? 'progressive' : 'baseline';
    test(`only at its end is shown, in whatever way: ${kind}`, async (t) => {
      const dir = await folder(t);
      const whole = await photograph.clone().jpeg({ progressive }).toBuffer();
      const { rgb } = await compose(await file(dir, 'whole.jpg', whole));
      for (const [name, bytes] of Object.entries({
        'no end': whole.subarray(0, -2),
        'half an end': whole.subarray(0, -1),
        'zeros for an end': Buffer.concat([whole.subarray(0, -2), Buffer.alloc(20)]),
        'more after the end': Buffer.concat([whole, Buffer.from('trailer')]),
      })) {
        const shown = await compose(await file(dir, 'a.jpg', bytes));
        assert.ok(shown.rgb.equals(rgb), name);
      }
    });

    test(`inside fails where rows are missing, even with an end: ${kind}`, async (t) => {
      const dir = await folder(t);
      const whole = await photograph.clone().jpeg({ progressive }).toBuffer();
      for (const cut of [whole.subarray(0, whole.length / 2), whole.subarray(0, -200)])
        for (const bytes of [cut, Buffer.concat([cut, endOfImage])])
          await assert.rejects(compose(await file(dir, 'a.jpg', bytes)), {
            name: 'MediaError',
            message: /damaged or incomplete/,
          });
    });
  }
});

describe('memory', () => {
  test('what has to be held whole may hold 3 bytes for each megapixel allowed', async (t) => {
    const dir = await folder(t);
    const plain = sharp({ create: { width: 1000, height: 1000, channels: 3, background: '#147' } });
    const saved = async (name: string, picture: Sharp) => {
      await picture.toFile(`${dir}/${name}`);
      return `${dir}/${name}`;
    };
    const deep = () => plain.clone().toColourspace('rgb16');
    const fullColour = { progressive: true, chromaSubsampling: '4:4:4' };
    const flowing = await saved('flowing.png', deep().png());
    const interlaced = await saved('interlaced.png', deep().png({ progressive: true }));
    const eightBits = await saved('eight.png', plain.clone().png({ progressive: true }));
    const progressive = await saved('progressive.jpg', plain.clone().jpeg(fullColour));
    for (const path of [flowing, eightBits]) await compose(path, {}, 1);
    for (const path of [interlaced, progressive]) {
      await compose(path, {}, 2);
      await assert.rejects(compose(path, {}, 1), {
        name: 'MediaError',
        message: /saved as (interlaced|progressive).*1 megapixels\. Export it as not/,
      });
    }
    // A WebP is reduced while it is decoded.
    const small = { shortSide: 100 };
    await compose(await saved('a.webp', plain.clone().webp()), small, 1);
    await assert.rejects(compose(flowing, {}, 0.9), { message: /more than 0.9 megapixels/ });
  });

  test('a row of millions of pixels is refused, since several rows are held at once', async (t) => {
    const dir = await folder(t);
    const row = (width: number) => pngOf({ type: 'grey' }, width, 1, () => [0]);
    const longer = await file(dir, 'longer.png', row(65_536));
    await assert.rejects(compose(longer), { name: 'MediaError', message: /65,535 pixels/ });
    await compose(await file(dir, 'longest.png', row(65_535)));
  });

  test('several big pictures at once all come out', async (t) => {
    const path = `${await folder(t)}/a.jpg`;
    const big = { width: 3600, height: 2400, channels: 3 as const, background: '#147' };
    await sharp({ create: big })
      .jpeg({ progressive: true, chromaSubsampling: '4:4:4' })
      .toFile(path);
    const frames = await Promise.all([1, 2, 3].map(() => compose(path, { shortSide: 90 })));
    assert.deepEqual(
      frames.map((frame) => frame.width),
      [136, 136, 136],
    );
  });
});

test('libvips reads no other formats, here or inside of others', async () => {
  const plain = sharp({ create: { width: 8, height: 8, channels: 3, background: '#147' } });
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
  const others = [plain.clone().gif(), plain.clone().tiff(), plain.clone().avif()];
  for (const bytes of [svg, ...(await Promise.all(others.map((one) => one.toBuffer())))])
    await assert.rejects(sharp(bytes).raw().toBuffer(), /unsupported image format/);
});

describe('quality', () => {
  /** Rings that become finer outwards, down to a pixel each; grey around them. */
  function zonePlate(side: number): Buffer {
    const middle = side / 2;
    return Buffer.from(
      Array.from({ length: side * side }, (_, at) => {
        const square = ((at % side) - middle) ** 2 + (Math.floor(at / side) - middle) ** 2;
        if (square > middle ** 2) return 128;
        return Math.round(128 + 120 * Math.cos((Math.PI * square) / side));
      }),
    );
  }

  test('what is too fine for the canvas vanishes, and becomes no moiré', async (t) => {
    const dir = await folder(t);
    const side = 900;
    const plate = sharp(zonePlate(side), { raw: { width: side, height: side, channels: 1 } });
    await plate.clone().png().toFile(`${dir}/a.png`);
    await plate.clone().jpeg({ quality: 100 }).toFile(`${dir}/a.jpg`);
    await plate.clone().webp({ lossless: true }).toFile(`${dir}/a.webp`);
    for (const name of ['a.png', 'a.jpg', 'a.webp'])
      for (const shortSide of [450, 300]) {
        const { rgb, width } = await compose(`${dir}/${name}`, { shortSide });
        const scale = width / side;
        let [sum, count] = [0, 0];
        for (let at = 0; at < width * width; at++) {
          const radius =
            Math.hypot((at % width) - width / 2, Math.floor(at / width) - width / 2) / scale;
          // The canvas can show half of the rings' frequency at the edge; the kernel needs some room.
          if (radius < 1.4 * scale * (side / 2) || radius > 0.49 * side) continue;
          sum += ((rgb[3 * at] ?? 0) - 128) ** 2;
          count++;
        }
        const left = Math.sqrt(sum / count);
        assert.ok(left < 8, `${name} at ${shortSide}: ${left.toFixed(1)} levels of moiré`);
      }
  });

  test('a slow gradient of 16 bits has no steps, and whole values stay', async (t) => {
    const dir = await folder(t);
    // From 64.0 to 68.0 in 512 pixels: each step would be 128 pixels wide.
    const at = (x: number) => Math.round(257 * (64 + x / 128));
    const png = pngOf({ type: 'grey', depth: 16 }, 512, 32, (x) => [at(x)]);
    const { rgb, width } = await compose(await file(dir, 'a.png', png));
    for (let x = 0; x < 512; x += 8) {
      let sum = 0;
      for (let i = 0; i < 64; i++) sum += rgb[3 * (Math.floor(i / 8) * width + x + (i % 8))] ?? 0;
      const meant = 64 + (x + 3.5) / 128;
      assert.ok(Math.abs(sum / 64 - meant) < 0.1, `${sum / 64} is not ${meant}`);
    }
    const whole = pngOf({ type: 'grey', depth: 16 }, 64, 8, () => [100 * 257]);
    const flat = await compose(await file(dir, 'b.png', whole));
    assert.ok(flat.rgb.every((value) => value === 100));
  });
});
