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

/** Lines of small text in several colours, and thin curves. */
function drawing(kind: 'text' | 'lines'): Promise<Buffer> {
  const colours = ['#000', '#333', '#a00', '#00a', '#060'];
  const part = (i: number) => {
    const colour = colours[i % colours.length];
    return kind === 'text'
      ? `<text x="12" y="${16 + i * 18}" font-size="14" font-family="sans-serif" fill="${colour}">${'Sphinx of black quartz, judge my vow 0123456789. '.repeat(2)}</text>`
      : `<path d="M${(i * 97) % 800} ${(i * 53) % 600} Q${(i * 211) % 800} ${(i * 131) % 600} ${(i * 37) % 800} ${(i * 173) % 600}" stroke="${colour}" fill="none"/>`;
  };
  const parts = Array.from({ length: kind === 'text' ? 32 : 120 }, (_, i) => part(i)).join('');
  return drawn(
    `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="600"><rect width="800" height="600" fill="#fff"/>${parts}</svg>`,
  );
}

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
  const cases: [name: string, least: number, make: () => Promise<Buffer> | Sharp][] = [
    ['photo.jpg', 0.98, () => sharp(sample('portrait.jpg')).resize(960, 720).jpeg()],
    ['text.png', 0.97, () => drawing('text')],
    ['lines.png', 0.97, () => drawing('lines')],
    ['grain.png', 0.97, () => sharp({ create: grain }).png()],
    ['flat.png', 0.99, () => sharp({ create: { ...plain, background: '#345' } }).png()],
  ];
  for (const [name, least, make] of cases) {
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
      for (const data of [first, later, last] as Buffer[]) {
        const { whole } = similarity(fitted, { ...fitted, data });
        assert.ok(whole >= least, `${whole}`);
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
