import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import sharp, { type Sharp } from 'sharp';
import { plainCanvas } from '../../worker/media/picture/canvas.ts';
import { composeFrame } from '../../worker/media/picture/compose_frame.ts';
import type { Pixels } from '../../worker/media/picture/pixels.ts';
import { decode, frameAt } from '../support/decode.ts';
import { assertVideo, drawn, ffmpeg, file, folder, imageType, render } from '../support/media.ts';
import { sample } from '../support/service.ts';
import { similarity } from '../support/similarity.ts';
import { silentWav } from '../support/wav.ts';

const side = { width: 640, height: 480 };

/** On its left lines of small text in several colours, on its right thin curves, and below them nothing. */
function drawing(): Promise<Buffer> {
  const { width, height } = side;
  const colours = ['#000', '#333', '#a00', '#00a', '#060'];
  const colour = (i: number) => colours[i % colours.length];
  const text = Array.from(
    { length: 26 },
    (_, i) =>
      `<text x="12" y="${16 + i * 18}" font-size="14" font-family="sans-serif" fill="${colour(i)}">${'Sphinx of black quartz, judge my vow 0123456789. '.repeat(2)}</text>`,
  );
  const point = (i: number, x: number, y: number) => `${(i * x) % width} ${(i * y) % height}`;
  const curves = Array.from(
    { length: 80 },
    (_, i) =>
      `<path d="M${point(i, 97, 53)} Q${point(i, 211, 131)} ${point(i, 37, 173)}" stroke="${colour(i)}" fill="none"/>`,
  );
  const part = (x: number, y: number, fill: string, shapes: string[]) =>
    `<svg x="${x}" y="${y}" width="${width}" height="${height}"><rect width="100%" height="100%" fill="${fill}"/>${shapes.join('')}</svg>`;
  return drawn(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${2 * width}" height="${1.5 * height}">${part(0, 0, '#fff', text)}${part(width, 0, '#fff', curves)}${part(0, height, '#345', [])}${part(width, height, '#345', [])}</svg>`,
  );
}

/** A part of a picture of three channels. */
function partOf({ data, width }: Pixels, [x, y, across, down]: Area): Pixels {
  const rows = Array.from({ length: down }, (_, i) =>
    data.subarray(3 * ((y + i) * width + x), 3 * ((y + i) * width + x + across)),
  );
  return { data: Buffer.concat(rows), width: across, height: down, channels: 3 };
}

type Area = readonly [x: number, y: number, width: number, height: number];

/** As the video should show it. */
async function fittedOf(imagePath: string): Promise<Pixels> {
  const type = await imageType(imagePath);
  const { rgb, width, height } = await composeFrame(imagePath, type, plainCanvas);
  return { data: rgb, width, height, channels: 3 };
}

const plain = { width: 640, height: 480, channels: 3 } as const;

describe('the picture of a video', { concurrency: 2 }, () => {
  const noise = { type: 'gaussian', mean: 120, sigma: 5 } as const;
  const grain = { ...plain, background: '#787878', noise };
  /** What is judged by itself, with the least likeness of each; the whole picture where nothing is named. */
  type Judged = { least: number; area?: Area };
  const { width, height } = side;
  const cases: [
    name: string,
    judged: Record<string, Judged>,
    make: () => Promise<Buffer> | Sharp,
  ][] = [
    [
      'photo.jpg',
      { photo: { least: 0.98 } },
      () => sharp(sample('portrait.jpg')).resize(960, 720).jpeg(),
    ],
    [
      'drawing.png',
      {
        text: { least: 0.97, area: [0, 0, width, height] },
        lines: { least: 0.97, area: [width, 0, width, height] },
        flat: { least: 0.99, area: [0, height, 2 * width, height / 2] },
      },
      drawing,
    ],
    ['grain.png', { grain: { least: 0.97 } }, () => sharp({ create: grain }).png()],
  ];
  for (const [name, judged, make] of cases) {
    test(`${name} looks like itself, first and last frame alike`, async (t) => {
      const dir = await folder(t);
      const made = await make();
      const image = Buffer.isBuffer(made) ? made : await made.toBuffer();
      const imagePath = await file(dir, name, image);
      const audioPath = await file(dir, 'a.wav', silentWav(12));
      const { videoPath } = await render(t, { imagePath, audioPath, audioType: 'audio/wav' });
      // Behind different key frames.
      const [first, early, later, last] = await decode(
        ...[0, 0.2, 9.96, 11.9].map((seconds) => frameAt(videoPath, seconds)),
      );
      const fitted = await fittedOf(imagePath);
      for (const [what, { least, area }] of Object.entries(judged)) {
        const part = area ?? ([0, 0, fitted.width, fitted.height] as const);
        for (const data of [first, later, last] as Buffer[]) {
          const { whole } = similarity(partOf(fitted, part), partOf({ ...fitted, data }, part));
          assert.ok(whole >= least, `${what}: ${whole}`);
        }
      }
      assert.deepEqual(early, last);
      if (name === 'photo.jpg') await assertVideo(videoPath);
    });
  }

  test('nothing of the photo’s or the song’s metadata travels, nor cover or chapters', async (t) => {
    const dir = await folder(t);
    const imagePath = `${dir}/geo.jpg`;
    await sharp({ create: { width: 64, height: 64, channels: 3, background: '#888' } })
      .withExif({
        IFD0: { Copyright: 'SECRET' },
        IFD3: { GPSLatitude: '52/1 31/1 0/1', GPSLatitudeRef: 'N' },
      })
      .jpeg()
      .toFile(imagePath);
    await sharp({ create: { ...plain, background: 'red' } }).toFile(`${dir}/cover.png`);
    const chapters = await file(
      dir,
      'chapters.txt',
      ';FFMETADATA1\ntitle=SECRET\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=5400\ntitle=SECRET\n',
    );
    const audioPath = `${dir}/tagged.mp3`;
    await ffmpeg(
      ...['-f', 'lavfi', '-i', 'sine=d=3', '-i', `${dir}/cover.png`, '-i', chapters],
      ...['-map', '0:a', '-map', '1:v', '-map_metadata', '2', '-map_chapters', '2'],
      ...['-c:v', 'copy', '-disposition:v', 'attached_pic', audioPath],
    );
    const tagged = await readFile(audioPath);
    for (const part of ['SECRET', 'APIC', 'CHAP']) assert.ok(tagged.includes(part), part);

    const made = await render(t, { imagePath, audioPath, audioType: 'audio/mpeg' });
    const { format } = await assertVideo(made.videoPath);
    assert.ok(Math.abs(Number(format.duration) - 3) < 0.1, format.duration);
    for (const path of [made.videoPath, made.posterPath]) {
      assert.equal((await readFile(path)).includes('SECRET'), false);
    }
    const poster = await sharp(made.posterPath).metadata();
    assert.deepEqual([poster.format, poster.width, poster.exif], ['jpeg', 64, undefined]);
  });
});
