import assert from 'node:assert/strict';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import sharp from 'sharp';
import { skipBrowser, startBrowser } from '../support/browser.ts';
import { folder, render, synthesize } from '../support/media.ts';

const COLOURS = ['#ff0000', '#00ff00', '#0000ff', '#ffffff', '#808080'];

/** Seeks to each position, reads the middle of each colour off the picture, then plays to the end. */
const PLAYER = `<!doctype html><link rel="icon" href="data:,"><video muted></video><script>
const video = document.querySelector('video');
const happens = (name) => new Promise((resolve, reject) => {
  video.addEventListener(name, resolve, { once: true });
  video.addEventListener('error', () => reject(new Error(video.error.message)), { once: true });
});
async function watch(positions) {
  const canvas = new OffscreenCanvas(640, 360).getContext('2d');
  const ready = happens('loadeddata');
  video.src = '/video.mp4';
  await ready;
  const colours = [];
  for (const position of positions) {
    const sought = happens('seeked');
    video.currentTime = position;
    await sought;
    canvas.clearRect(0, 0, 640, 360);
    canvas.drawImage(video, 0, 0);
    colours.push([64, 192, 320, 448, 576].map((x) => [...canvas.getImageData(x, 180, 1, 1).data.slice(0, 3)]));
  }
  const ended = happens('ended');
  await video.play();
  await ended;
  const { duration, currentTime, videoWidth, videoHeight } = video;
  return { colours, duration, currentTime, videoWidth, videoHeight };
}
</script>`;

type Seen = {
  colours: number[][][];
  duration: number;
  currentTime: number;
  videoWidth: number;
  videoHeight: number;
};

/** Serves the player, and the video by ranges. */
async function serve(path: string, request: IncomingMessage, response: ServerResponse) {
  if (request.url !== '/video.mp4') {
    response.writeHead(200, { 'content-type': 'text/html' }).end(PLAYER);
    return;
  }
  const file = await open(path);
  const { size } = await file.stat();
  const [, from, to] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? [];
  const start = Number(from ?? 0);
  const end = to ? Number(to) : size - 1;
  response.writeHead(from ? 206 : 200, {
    'content-type': 'video/mp4',
    'accept-ranges': 'bytes',
    'content-length': end - start + 1,
    ...(from && { 'content-range': `bytes ${start}-${end}/${size}` }),
  });
  file.createReadStream({ start, end }).pipe(response);
}

async function colourCard(path: string) {
  const cards = COLOURS.map((background, i) => ({
    input: { create: { width: 128, height: 360, channels: 3 as const, background } },
    left: i * 128,
    top: 0,
  }));
  const black = { width: 640, height: 360, channels: 3 as const, background: '#000' };
  await sharp({ create: black }).composite(cards).toFile(path);
}

test('Chromium seeks, shows true colours, and comes to the end', {
  skip: skipBrowser,
}, async (t) => {
  const dir = await folder(t);
  await colourCard(`${dir}/card.png`);
  const audioPath = await synthesize(dir, 'a.mp3', 'sine=d=65');
  const imagePath = `${dir}/card.png`;
  const { videoPath } = await render(t, { imagePath, audioPath, audioType: 'audio/mpeg' });

  const server = createServer((request, response) => void serve(videoPath, request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => server.close());
  // Drawn as a graphics card does: without one, Chromium's own arithmetic is 12 of 255 off in blue.
  const graphics = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
  const browser = await startBrowser(t, ['--ignore-gpu-blocklist', ...graphics]);
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const seen: Seen = await page.evaluate('watch([0, 32.5, 19.99, 64.4])');

  assert.ok(Math.abs(seen.duration - 65) < 0.04, `${seen.duration}`);
  assert.ok(Math.abs(seen.currentTime - seen.duration) < 0.04, `${seen.currentTime}`);
  assert.deepEqual([seen.videoWidth, seen.videoHeight], [640, 360]);
  const expected = COLOURS.flatMap((colour) =>
    [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)),
  );
  for (const shown of seen.colours) {
    const off = shown.flat().map((value, i) => Math.abs(value - (expected[i] ?? 0)));
    assert.ok(Math.max(...off) <= 3, JSON.stringify(shown));
  }
});
