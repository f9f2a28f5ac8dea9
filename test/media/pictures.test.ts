import assert from 'node:assert/strict';
import { copyFile, mkdir } from 'node:fs/promises';
import { describe, test } from 'node:test';
import sharp from 'sharp';
import { MediaError } from '../../worker/media/make_video.ts';
import { plainCanvas } from '../../worker/media/picture/canvas.ts';
import { composeFrame, NotAlone } from '../../worker/media/picture/compose_frame.ts';
import { composeInBox } from '../../worker/media/picture/compose_in_box.ts';
import { box, file, folder, imageType } from '../support/media.ts';
import { blackPng } from '../support/png.ts';

const fit = async (path: string) => composeFrame(path, await imageType(path), plainCanvas);

/** A red picture with a blue left half. */
function halves(width: number, height: number) {
  const left = Math.max(1, Math.floor(width / 2));
  return sharp({ create: { width, height, channels: 3, background: '#ff0000' } }).composite([
    {
      input: { create: { width: left, height, channels: 3, background: '#0000ff' } },
      left: 0,
      top: 0,
    },
  ]);
}

function pixel(frame: { rgb: Buffer; width: number }, x: number, y: number): number[] {
  const at = (y * frame.width + x) * 3;
  return [...frame.rgb.subarray(at, at + 3)];
}

function assertNear(actual: number[], expected: number[], slack: number) {
  const off = actual.map((value, i) => Math.abs(value - (expected[i] ?? Number.NaN)));
  assert.ok(Math.max(...off) <= slack, `${actual} is not ${expected}`);
}

describe('pictures of every kind', () => {
  test('a photo with EXIF orientation stands upright', async (t) => {
    const path = `${await folder(t)}/a.jpg`;
    // Shown turned right by a quarter: the file's left side is then on top.
    await halves(80, 40).jpeg().withMetadata({ orientation: 6 }).toFile(path);
    const frame = await fit(path);
    assert.deepEqual([frame.width, frame.height], [40, 80]);
    assertNear(pixel(frame, 20, 10), [0, 0, 255], 4);
    assertNear(pixel(frame, 20, 70), [255, 0, 0], 4);
  });

  test('each of the eight orientations is the picture that a viewer shows', async (t) => {
    const dir = await folder(t);
    const corner = await sharp({
      create: { width: 60, height: 40, channels: 3, background: '#fff' },
    })
      .composite([
        {
          input: { create: { width: 20, height: 10, channels: 3, background: '#0a0' } },
          left: 0,
          top: 0,
        },
      ])
      .png()
      .toBuffer();
    for (let orientation = 1; orientation <= 8; orientation++) {
      const path = `${dir}/${orientation}.jpg`;
      await sharp(corner).jpeg({ quality: 100 }).withMetadata({ orientation }).toFile(path);
      const frame = await fit(path);
      const upright = await sharp(path).rotate().raw().toBuffer();
      assert.deepEqual(frame.rgb, upright, `orientation ${orientation}`);
    }
  });

  test('odd sides are evened by repeating the edge', async (t) => {
    const path = `${await folder(t)}/a.webp`;
    await halves(33, 21).webp({ lossless: true }).toFile(path);
    const frame = await fit(path);
    assert.deepEqual([frame.width, frame.height], [34, 22]);
    assert.deepEqual(pixel(frame, 33, 21), [255, 0, 0]);
    assert.deepEqual(pixel(frame, 15, 21), [0, 0, 255]);
  });

  test('a single pixel', async (t) => {
    const path = `${await folder(t)}/a.png`;
    await sharp({ create: { width: 1, height: 1, channels: 3, background: '#0c8' } }).toFile(path);
    const frame = await fit(path);
    assert.deepEqual(
      [frame.width, frame.height, [...frame.rgb.subarray(9)]],
      [2, 2, [0, 204, 136]],
    );
  });

  test('transparency is laid on white', async (t) => {
    const path = `${await folder(t)}/a.png`;
    const background = { r: 255, g: 0, b: 0, alpha: 0.5 };
    await sharp({ create: { width: 8, height: 8, channels: 4, background } }).toFile(path);
    assertNear(pixel(await fit(path), 4, 4), [255, 127, 127], 1);
  });

  test('grey with transparency, a palette, and 16 bits', async (t) => {
    const dir = await folder(t);
    const grey = sharp(Buffer.from([0, 0, 128, 255]), {
      raw: { width: 2, height: 1, channels: 2 },
    });
    await grey.png().toFile(`${dir}/grey.png`);
    const frame = await fit(`${dir}/grey.png`);
    assert.deepEqual(
      [pixel(frame, 0, 0), pixel(frame, 1, 0)],
      [
        [255, 255, 255],
        [128, 128, 128],
      ],
    );

    await halves(16, 16).png({ palette: true }).toFile(`${dir}/palette.png`);
    assertNear(pixel(await fit(`${dir}/palette.png`), 12, 4), [255, 0, 0], 1);

    await halves(16, 16).toColourspace('rgb16').png().toFile(`${dir}/16.png`);
    assert.equal((await sharp(`${dir}/16.png`).metadata()).depth, 'ushort');
    assertNear(pixel(await fit(`${dir}/16.png`), 12, 4), [255, 0, 0], 1);
  });

  test('CMYK and other colour profiles become sRGB', async (t) => {
    const dir = await folder(t);
    await halves(64, 64)
      .toColourspace('cmyk')
      .withIccProfile('cmyk')
      .jpeg({ quality: 100 })
      .toFile(`${dir}/cmyk.jpg`);
    assert.equal((await sharp(`${dir}/cmyk.jpg`).metadata()).space, 'cmyk');
    const [red = 0, green = 255, blue = 255] = pixel(await fit(`${dir}/cmyk.jpg`), 48, 32);
    assert.ok(red > 200 && green < 60 && blue < 60, `${[red, green, blue]}`);

    const orange = sharp({ create: { width: 32, height: 32, channels: 3, background: '#c86432' } });
    await orange.withIccProfile('p3').png().toFile(`${dir}/p3.png`);
    const raw = await sharp(`${dir}/p3.png`, { ignoreIcc: true }).raw().toBuffer();
    assert.ok(Math.abs((raw[0] ?? 0) - 200) > 5, 'the file holds other numbers than sRGB');
    assertNear(pixel(await fit(`${dir}/p3.png`), 16, 16), [200, 100, 50], 2);
  });

  test('of an animation, the first frame', async (t) => {
    const path = `${await folder(t)}/a.webp`;
    const frames = ['#ff0000', '#0000ff'].map((background) =>
      sharp({ create: { width: 20, height: 20, channels: 3, background } })
        .png()
        .toBuffer(),
    );
    await sharp(await Promise.all(frames), { join: { animated: true } })
      .webp({ lossless: true })
      .toFile(path);
    assert.equal((await sharp(path).metadata()).pages, 2);
    const frame = await fit(path);
    assert.deepEqual([frame.width, frame.height, pixel(frame, 5, 5)], [20, 20, [255, 0, 0]]);
  });

  test('a picture that is held whole is decoded while no other such one is, and both are made', async (t) => {
    const dir = await folder(t);
    const path = await file(dir, 'big.png', blackPng(4_200, 4_000, true));
    await assert.rejects(composeFrame(path, 'image/png', plainCanvas, { alone: false }), NotAlone);
    const machine = { box, signal: new AbortController().signal };
    const frames = await Promise.all(
      ['one', 'two'].map(async (name) => {
        await mkdir(`${dir}/${name}`);
        await copyFile(path, `${dir}/${name}/image`);
        const own = { ...machine, dir: `${dir}/${name}` };
        return composeInBox(own, `${dir}/${name}/image`, 'image/png', plainCanvas);
      }),
    );
    assert.deepEqual(
      frames.map(({ rgb, width, height }) => [rgb.length, width, height]),
      [1, 2].map(() => [3 * 1134 * 1080, 1134, 1080]),
    );
  });

  // That 100 are made a video of is tested with all of a worker: test/worker/unusual_files.test.ts.
  test('a row more than 100 megapixels is refused', async (t) => {
    const dir = await folder(t);
    await assert.rejects(fit(await file(dir, 'more.png', blackPng(10_000, 10_001))), {
      name: 'MediaError',
      message: /100 megapixels/,
    });
  });
});

describe('what is no picture', () => {
  test('is the caller’s fault, in words', async (t) => {
    const dir = await folder(t);
    const jpeg = await halves(400, 300).jpeg().toBuffer();
    const png = await halves(400, 300).png().toBuffer();
    const gif = await halves(40, 30).gif().toBuffer();
    for (const [name, content] of [
      ['text.jpg', 'not a picture at all'],
      ['empty.png', ''],
      ['cut.jpg', jpeg.subarray(0, jpeg.length / 2)],
      ['cut.png', png.subarray(0, png.length / 2)],
      ['head.webp', Buffer.from('RIFF\x10\0\0\0WEBPVP8 ')],
      ['a.gif', gif],
      ['drawing.jpg', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'],
      [
        'script.jpg',
        'push graphic-context\nviewbox 0 0 9 9\nfill url(http://127.0.0.1/)\npop graphic-context',
      ],
    ] as const) {
      await assert.rejects(fit(await file(dir, name, content)), (error) => {
        assert.ok(error instanceof MediaError, `${name}: ${error}`);
        assert.match(error.message, /^The image .*\. (Upload|Export) /, name);
        assert.doesNotMatch(error.message, /\//);
        return true;
      });
    }
  });
});
