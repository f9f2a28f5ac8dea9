import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import sharp from 'sharp';
import { videoOptions } from '../../src/video_options.ts';
import { type Motion, mostZoom, motionFilter, viewAt } from '../../worker/media/picture/motion.ts';
import { decode, frameAt, framesOf } from '../support/decode.ts';
import { assertVideo, ffmpeg, file, folder, render } from '../support/media.ts';
import { assertDecodersAgree } from '../support/openh264.ts';
import { sample } from '../support/service.ts';
import { silentWav } from '../support/wav.ts';

const [canvasWidth, canvasHeight] = [640, 360];
const cycle = 500;
const motions = ['zoom-in', 'zoom-out', 'pan-left', 'pan-right'] as const;
const opposites = {
  'zoom-in': 'zoom-out',
  'zoom-out': 'zoom-in',
  'pan-left': 'pan-right',
  'pan-right': 'pan-left',
} as const;
const drawnDisc = { x: 480, y: 110, radius: 30 };

/** A white disc on black with a soft edge, `scale` times as large. */
async function disc(dir: string, scale: number): Promise<string> {
  const [width, height] = [canvasWidth, canvasHeight].map((side) => Math.round(scale * side)) as [
    number,
    number,
  ];
  const pixels = Buffer.alloc(width * height);
  for (let i = 0; i < pixels.length; i++) {
    const [x, y] = [(i % width) + 0.5, Math.floor(i / width) + 0.5];
    const away = Math.hypot(x - scale * drawnDisc.x, y - scale * drawnDisc.y);
    pixels[i] = 255 * Math.min(1, Math.max(0, scale * drawnDisc.radius - away + 0.5));
  }
  const path = `${dir}/disc.png`;
  await sharp(pixels, { raw: { width, height, channels: 1 } }).toFile(path);
  return path;
}

/** The horizontal centre of the white disc in a frame, to fractions of a pixel. */
function middleOf(luma: Buffer, near: { x: number; y: number }): number {
  let [white, weighted] = [0, 0];
  for (let y = Math.round(near.y) - 45; y < near.y + 45; y++) {
    for (let x = Math.round(near.x) - 45; x < near.x + 45; x++) {
      const light = Math.max(0, (luma[y * canvasWidth + x] as number) - 16);
      white += light;
      weighted += light * (x + 0.5);
    }
  }
  return weighted / white;
}

/** Asserts that the disc is where it should be in the luma of the first hundred frames. */
function assertPlaces(motion: Motion, lumas: Buffer[]) {
  const { x, y } = drawnDisc;
  const meant = lumas.map((_, frame) => {
    const { zoom, across } = viewAt(motion, frame / cycle);
    return {
      x: canvasWidth / 2 + (x - across * canvasWidth) * zoom,
      y: canvasHeight / 2 + (y - canvasHeight / 2) * zoom,
    };
  });
  assert.equal(meant.length, 100);
  const seen = meant.map((place, frame) => middleOf(lumas[frame] as Buffer, place));
  const off = seen.map((at, i) => Math.abs(at - (meant[i]?.x as number)));
  assert.ok(Math.max(...off) < 0.05, `${motion}: ${Math.max(...off)} pixels off`);
  const way = (seen[99] as number) - (seen[0] as number);
  assert.ok(Math.abs(way) > 5, `${motion}: it moves by ${way}`);
  const back = seen.slice(1).map((at, i) => Math.sign(way) * ((seen[i] as number) - at));
  // The error of the measurement itself, taken where the disc hardly moves.
  assert.ok(Math.max(...back) < 0.01, `${motion}: ${Math.max(...back)} pixels back`);
}

/** The luma of each frame; in the planes of yuv420p it is the first two thirds. */
function lumasOf(frames: Buffer, frameBytes: number): Buffer[] {
  return Array.from({ length: frames.length / frameBytes }, (_, i) =>
    frames.subarray(i * frameBytes, i * frameBytes + canvasWidth * canvasHeight),
  );
}

test('every frame of a video is where it should be, to a twentieth of a pixel', async (t) => {
  const dir = await folder(t);
  const imagePath = await disc(dir, 1);
  const audioPath = await file(dir, 'a.wav', silentWav(4));
  const options = videoOptions.parse({ motion: 'zoom-in' });
  const made = await render(t, { imagePath, audioPath, audioType: 'audio/wav', options });
  const [video] = await decode(framesOf(made.videoPath));
  assertPlaces('zoom-in', lumasOf(video, (canvasWidth * canvasHeight * 3) / 2));
});

test('so is every frame over a picture with more pixels than are shown', async (t) => {
  const dir = await folder(t);
  const imagePath = await disc(dir, mostZoom);
  const [picture, shown] = [
    { width: 736, height: 414 },
    { width: canvasWidth, height: canvasHeight },
  ];
  const tried = ['zoom-in', 'pan-left'] as const;
  const outputs = tried.flatMap((motion) => {
    const filters = motionFilter(motion, 0, cycle, 'cubic', picture, shown);
    const filter = ['format=gray', 'loop=-1:1', ...filters].join(',');
    const raw = ['-frames:v', '100', '-pix_fmt', 'gray', '-f', 'rawvideo'];
    return ['-vf', filter, ...raw, `${dir}/${motion}.gray`];
  });
  await ffmpeg('-i', imagePath, ...outputs);
  for (const motion of tried) {
    const frames = await readFile(`${dir}/${motion}.gray`);
    assertPlaces(motion, lumasOf(frames, canvasWidth * canvasHeight));
  }
});

test('coming near shows the pixels that the picture has', async (t) => {
  const dir = await folder(t);
  // The first frame shows an area as large as the video.
  const [width, height] = [1472, 828];
  const wave = (at: number) => Math.sin((2 * Math.PI * at) / 5);
  const stripes = Buffer.from(
    Array.from(
      { length: width * height },
      (_, i) => 128 + 80 * wave(i % width) * wave(Math.floor(i / width)),
    ),
  );
  const imagePath = `${dir}/p.png`;
  await sharp(stripes, { raw: { width, height, channels: 1 } }).toFile(imagePath);
  const audioPath = await file(dir, 'a.wav', silentWav(0.2));
  const options = videoOptions.parse({ motion: 'zoom-out', resolution: '720p' });
  const made = await render(t, { imagePath, audioPath, audioType: 'audio/wav', options });
  assert.deepEqual([made.width, made.height], [1280, 720]);
  const poster = await sharp(made.posterPath).metadata();
  assert.deepEqual([poster.width, poster.height], [1280, 720]);
  const near = { left: 96, top: 54, width: 1280, height: 720 };
  const meant = await sharp(imagePath).extract(near).toColourspace('srgb').raw().toBuffer();
  const [seen] = await decode(frameAt(made.videoPath, 0));
  assert.equal(meant.length, seen.length);
  const contrast = (rgb: Buffer) => rgb.reduce((sum, value) => sum + Math.abs(value - 128), 0);
  const kept = contrast(seen) / contrast(meant);
  assert.ok(kept > 0.95, `${kept} of the stripes' contrast`);
});

test('a cycle of motion goes on without a jump, and never beyond the picture', async (t) => {
  for (const motion of motions) {
    for (let frame = 0; frame <= cycle; frame++) {
      const { zoom, across } = viewAt(motion, frame / cycle);
      const next = viewAt(motion, (frame + 1) / cycle);
      // Half a cycle later it is where the opposite motion begins.
      const opposite = viewAt(opposites[motion], frame / cycle + 0.5);
      assert.ok(Math.abs(zoom - opposite.zoom) < 1e-9 && Math.abs(across - opposite.across) < 1e-9);
      assert.ok(zoom >= 1 && zoom <= 1.15);
      assert.ok(across - 0.5 / zoom > -1e-9 && across + 0.5 / zoom < 1 + 1e-9);
      assert.ok(Math.abs(next.zoom - zoom) < 0.001 && Math.abs(next.across - across) < 0.001);
    }
  }
  const dir = await folder(t);
  const imagePath = `${dir}/p.png`;
  await sharp(sample('portrait.jpg')).resize(128, 72).toFile(imagePath);
  const audioPath = await file(dir, 'a.wav', silentWav(44));
  const options = videoOptions.parse({ motion: 'pan-right' });
  const made = await render(t, { imagePath, audioPath, audioType: 'audio/wav', options });
  const { format } = await assertVideo(made.videoPath);
  assert.ok(Number(format.duration) > 43.9);
  const [video] = await decode(framesOf(made.videoPath));
  const frameBytes = (128 * 72 * 3) / 2;
  const frame = (number: number) => video.subarray(number * frameBytes, (number + 1) * frameBytes);
  assert.equal(video.length, 1100 * frameBytes);
  await assertDecodersAgree(made.videoPath, video);
  for (const number of [0, 3, 499]) {
    assert.ok(frame(number).equals(frame(number + 500)), `frame ${number} comes again`);
    assert.ok(!frame(number).equals(frame(number + 30)));
  }
});
