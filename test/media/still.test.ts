import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import sharp from 'sharp';
import { plainCanvas } from '../../worker/media/picture/canvas.ts';
import { composeFrame } from '../../worker/media/picture/compose_frame.ts';
import {
  assertVideo,
  decodeFrame,
  drawn,
  ffmpeg,
  file,
  folder,
  imageType,
  probe,
  render,
  synthesize,
} from '../support/media.ts';

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

/** Like a photograph: soft gradients, edges and texture, with grain. */
const photo = 'mandelbrot=size=960x720:start_scale=0.3,noise=alls=14:allf=u,gblur=sigma=0.8';

async function similarity(videoPath: string, imagePath: string, dir: string, seconds: number) {
  const { rgb, width, height } = await composeFrame(
    imagePath,
    await imageType(imagePath),
    plainCanvas,
  );
  const fitted = await file(dir, 'fitted.rgb', rgb);
  const raw = ['-f', 'rawvideo', '-pixel_format', 'rgb24', '-video_size', `${width}x${height}`];
  const same =
    'scale=out_color_matrix=bt709:out_range=tv:flags=lanczos+accurate_rnd,format=yuv420p';
  const graph = `[0]${same}[fitted];[1]settb=1/25,setpts=N[shown];[fitted]settb=1/25[f];[f][shown]ssim=stats_file=${dir}/ssim`;
  await ffmpeg(
    ...raw,
    '-i',
    fitted,
    '-ss',
    `${seconds}`,
    '-i',
    videoPath,
    '-lavfi',
    graph,
    '-frames:v',
    '1',
    '-f',
    'null',
    '-',
  );
  return Number(/All:([\d.]+)/.exec(await readFile(`${dir}/ssim`, 'utf8'))?.[1]);
}

describe('the picture of a video', { concurrency: 2 }, () => {
  const cases: [string, number, (dir: string) => Promise<unknown>][] = [
    [
      'photo.jpg',
      0.98,
      (dir) => synthesize(dir, 'photo.jpg', photo, '-frames:v', '1', '-q:v', '3'),
    ],
    ['text.png', 0.97, async (dir) => writeFile(`${dir}/text.png`, await drawing('text'))],
    ['lines.png', 0.97, async (dir) => writeFile(`${dir}/lines.png`, await drawing('lines'))],
    [
      'grain.png',
      0.97,
      (dir) =>
        sharp({
          create: {
            width: 640,
            height: 480,
            channels: 3,
            background: '#787878',
            noise: { type: 'gaussian', mean: 120, sigma: 5 },
          },
        }).toFile(`${dir}/grain.png`),
    ],
    [
      'flat.png',
      0.99,
      (dir) =>
        sharp({ create: { width: 640, height: 480, channels: 3, background: '#345' } }).toFile(
          `${dir}/flat.png`,
        ),
    ],
  ];
  for (const [name, least, make] of cases) {
    test(`${name} looks like itself, first and last frame alike`, async (t) => {
      const dir = await folder(t);
      await make(dir);
      const imagePath = `${dir}/${name}`;
      const audioPath = await synthesize(dir, 'a.wav', 'sine=d=12');
      const { videoPath } = await render(t, { imagePath, audioPath, audioType: 'audio/wav' });
      await assertVideo(videoPath);
      for (const seconds of [0, 9.96, 11.9]) {
        const ssim = await similarity(videoPath, imagePath, dir, seconds);
        assert.ok(ssim >= least, `${ssim} at ${seconds} s`);
      }
      assert.deepEqual(await decodeFrame(videoPath, 0.2), await decodeFrame(videoPath, 11.9));
    });
  }

  test('red, green and blue are themselves, within 3 of 255', async (t) => {
    const dir = await folder(t);
    const card = (background: string, left: number) => ({
      input: { create: { width: 100, height: 200, channels: 3 as const, background } },
      left,
      top: 0,
    });
    const cards = [
      card('#f00', 0),
      card('#0f0', 100),
      card('#00f', 200),
      card('#fff', 300),
      card('#808080', 400),
    ];
    await sharp({ create: { width: 500, height: 200, channels: 3, background: '#000' } })
      .composite(cards)
      .toFile(`${dir}/card.png`);
    const audioPath = await synthesize(dir, 'a.wav', 'sine=d=1');
    const made = await render(t, {
      imagePath: `${dir}/card.png`,
      audioPath,
      audioType: 'audio/wav',
    });
    const rgb = await decodeFrame(made.videoPath, 0.5);
    const expected = [
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
      [255, 255, 255],
      [128, 128, 128],
    ];
    for (const [i, colour] of expected.entries()) {
      const at = (100 * made.width + 50 + i * 100) * 3;
      const shown = [...rgb.subarray(at, at + 3)];
      const off = Math.max(...shown.map((value, j) => Math.abs(value - (colour[j] ?? 0))));
      assert.ok(off <= 3, `${shown} is not ${colour}`);
    }
  });

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
    const cover = await synthesize(dir, 'cover.png', 'color=red:s=300x300', '-frames:v', '1');
    const chapters = await file(
      dir,
      'chapters.txt',
      ';FFMETADATA1\ntitle=SECRET\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=5400\ntitle=SECRET\n',
    );
    const song = await synthesize(dir, 'song.mp3', 'sine=d=3');
    const audioPath = `${dir}/tagged.mp3`;
    await ffmpeg(
      '-i',
      song,
      '-i',
      cover,
      '-i',
      chapters,
      '-map',
      '0:a',
      '-map',
      '1:v',
      '-map_metadata',
      '2',
      '-map_chapters',
      '2',
      '-c',
      'copy',
      '-disposition:v',
      'attached_pic',
      audioPath,
    );
    const { probed: tagged } = await probe(audioPath);
    assert.deepEqual([tagged.streams.length, tagged.chapters.length], [2, 1]);

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
