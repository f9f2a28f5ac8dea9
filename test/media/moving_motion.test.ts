import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { videoOptions } from '../../src/video_options.ts';
import { viewAt } from '../../worker/media/picture/motion.ts';
import {
  assertVideo,
  decodeFrame,
  decodeVideo,
  file,
  folder,
  probe,
  render,
  synthesize,
} from '../support/media.ts';

const [WIDTH, HEIGHT] = [640, 360];
const CYCLE = 500;
/** After a second of silence. */
const NOISE = "aevalsrc='if(lt(t,1),0,random(0)-0.5)':d=2";
const DISC = { x: 480, y: 110, radius: 30 };

/** White on black, with a soft edge. */
function disc(): Buffer {
  const pixels = Buffer.alloc(WIDTH * HEIGHT);
  for (let i = 0; i < pixels.length; i++) {
    const away = Math.hypot((i % WIDTH) + 0.5 - DISC.x, Math.floor(i / WIDTH) + 0.5 - DISC.y);
    pixels[i] = 255 * Math.min(1, Math.max(0, DISC.radius - away + 0.5));
  }
  return pixels;
}

/** The middle of the white disc in a frame, from left to right, to parts of a pixel. */
function middleOf(video: Buffer, frame: number, near: { x: number; y: number }): number {
  const start = (frame * WIDTH * HEIGHT * 3) / 2;
  let [white, weighted] = [0, 0];
  for (let y = Math.round(near.y) - 45; y < near.y + 45; y++) {
    for (let x = Math.round(near.x) - 45; x < near.x + 45; x++) {
      const light = Math.max(0, (video[start + y * WIDTH + x] as number) - 16);
      white += light;
      weighted += light * (x + 0.5);
    }
  }
  return weighted / white;
}

for (const motion of ['zoom-in', 'zoom-out', 'pan-left', 'pan-right'] as const) {
  test(`${motion}: every frame is where it should be, to a twentieth of a pixel`, async (t) => {
    const dir = await folder(t);
    const imagePath = `${dir}/disc.png`;
    const { x, y } = DISC;
    await sharp(disc(), { raw: { width: WIDTH, height: HEIGHT, channels: 1 } }).toFile(imagePath);
    const audioPath = await synthesize(dir, 'a.wav', 'sine=d=4');
    const options = videoOptions.parse({ motion });
    const made = await render(t, { imagePath, audioPath, audioType: 'audio/wav', options });
    await assertVideo(made.videoPath);
    const video = await decodeVideo(made.videoPath);
    const meant = Array.from({ length: 100 }, (_, frame) => {
      const { zoom, across } = viewAt(motion, frame / CYCLE);
      return {
        x: WIDTH / 2 + (x - across * WIDTH) * zoom,
        y: HEIGHT / 2 + (y - HEIGHT / 2) * zoom,
      };
    });
    const seen = meant.map((place, frame) => middleOf(video, frame, place));
    const off = seen.map((at, i) => Math.abs(at - (meant[i]?.x as number)));
    assert.ok(Math.max(...off) < 0.05, `${Math.max(...off)} pixels off`);
    const way = (seen[99] as number) - (seen[0] as number);
    assert.ok(Math.abs(way) > 5, `it moves by ${way}`);
    const back = seen.slice(1).map((at, i) => Math.sign(way) * ((seen[i] as number) - at));
    // What the measurement itself is off by, where it hardly moves.
    assert.ok(Math.max(...back) < 0.01, `${Math.max(...back)} pixels back`);
  });
}

test('a cycle of motion repeats without a jump and stays within the picture', async (t) => {
  for (const motion of ['zoom-in', 'zoom-out', 'pan-left', 'pan-right'] as const) {
    for (let frame = 0; frame <= CYCLE; frame++) {
      const { zoom, across } = viewAt(motion, frame / CYCLE);
      const next = viewAt(motion, (frame + 1) / CYCLE);
      assert.ok(zoom >= 1 && zoom <= 1.15);
      assert.ok(across - 0.5 / zoom > -1e-9 && across + 0.5 / zoom < 1 + 1e-9);
      assert.ok(Math.abs(next.zoom - zoom) < 0.001 && Math.abs(next.across - across) < 0.001);
    }
  }
  const dir = await folder(t);
  const imagePath = await synthesize(dir, 'p.png', 'mandelbrot=size=128x72', '-frames:v', '1');
  const audioPath = await synthesize(dir, 'a.wav', 'sine=d=44');
  const options = videoOptions.parse({ motion: 'pan-right' });
  const made = await render(t, { imagePath, audioPath, audioType: 'audio/wav', options });
  await assertVideo(made.videoPath);
  const video = await decodeVideo(made.videoPath);
  const frameBytes = (128 * 72 * 3) / 2;
  const frame = (number: number) => video.subarray(number * frameBytes, (number + 1) * frameBytes);
  assert.equal(video.length, 1100 * frameBytes);
  for (const number of [0, 3, 499]) {
    assert.ok(frame(number).equals(frame(number + 500)), `frame ${number} comes again`);
    assert.ok(!frame(number).equals(frame(number + 30)));
  }
  const { probed } = await probe(made.videoPath);
  assert.ok(Number(probed.format.duration) > 43.9);
});

for (const motion of ['none', 'pan-left'] as const) {
  test(`waveform and burned captions over motion ${motion}: all are there, captions to the frame`, async (t) => {
    const dir = await folder(t);
    const source = 'mandelbrot=size=480x270,hue=s=0,lutyuv=y=val/2';
    const imagePath = await synthesize(dir, 'p.png', source, '-frames:v', '1');
    const audioPath = await synthesize(dir, 'a.wav', NOISE);
    const cues =
      '1\n00:00:00,400 --> 00:00:01,000\nOne of them\n\n2\n00:00:01,200 --> 00:00:01,800\nAnother\n';
    const captionsPath = await file(dir, 'captions', cues);
    const options = videoOptions.parse({
      motion,
      waveform: 'bars',
      waveformColor: '#ff00ff',
      captionStyle: 'burned',
    });
    const made = await render(t, {
      imagePath,
      audioPath,
      audioType: 'audio/wav',
      captionsPath,
      options,
    });
    await assertVideo(made.videoPath);
    const video = await decodeVideo(made.videoPath);
    const white = Array.from({ length: 50 }, (_, i) => whiteIn(video, i));
    const shown = white.map((pixels) => pixels > 100);
    const meant = shown.map((_, i) => (i >= 10 && i < 25) || (i >= 30 && i < 45));
    assert.deepEqual(shown, meant, `${white}`);
    const [first, last] = [
      await decodeFrame(made.videoPath, 0),
      await decodeFrame(made.videoPath, 1.9),
    ];
    assert.ok(violetIn(last) > 1.5 * violetIn(first), `${violetIn(first)}, then ${violetIn(last)}`);
    const top = (frame: Buffer) => frame.subarray(0, 480 * 60 * 3);
    const changed = top(first).filter(
      (value, i) => Math.abs(value - (top(last)[i] as number)) > 20,
    );
    assert.equal(changed.length > 300, motion !== 'none', `${changed.length} bytes differ`);
  });
}

/** Bright pixels of a frame of 480 × 270, which only the letters of captions are. */
function whiteIn(video: Buffer, frame: number): number {
  const start = (frame * 480 * 270 * 3) / 2;
  return video.subarray(start, start + 480 * 270).filter((luma) => luma > 190).length;
}

function violetIn(rgb: Buffer): number {
  let count = 0;
  for (let i = 0; i < rgb.length; i += 3) {
    const [red = 0, green = 0, blue = 0] = rgb.subarray(i, i + 3);
    if (red > 180 && green < 90 && blue > 180) count++;
  }
  return count;
}
