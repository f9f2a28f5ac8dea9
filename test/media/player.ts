import { EventEmitter, once } from 'node:events';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Cleanup } from '../support/database.ts';

/** A video, and what to read off it. */
export type Wanted = { name: string; path: string; positions: number[] };

export type Seen = {
  name: string;
  /** At each position, the pixels of the rows that are read, RGB. */
  shown: { position: number; at: number; rows: Record<number, number[]> }[];
  duration: number;
  currentTime: number;
  videoWidth: number;
  videoHeight: number;
};

/** Every video is drawn at this size, whatever its own. */
export const [width, height] = [640, 360];

/** Seeks to each position, reads rows of pixels off the picture, then plays to the end. */
const player = `<!doctype html><link rel="icon" href="data:,"><video muted></video><script>
const video = document.querySelector('video');
const happens = (name) => new Promise((resolve, reject) => {
  video.addEventListener(name, resolve, { once: true });
  video.addEventListener('error', () => reject(new Error(video.error.message)), { once: true });
});
async function watch({ name, positions }, rows) {
  const canvas = new OffscreenCanvas(${width}, ${height}).getContext('2d', { willReadFrequently: true });
  const ready = happens('loadeddata');
  video.src = '/' + name + '.mp4';
  await ready;
  const shown = [];
  for (const position of positions) {
    const sought = happens('seeked');
    const presented = new Promise((done) => video.requestVideoFrameCallback?.(done));
    video.currentTime = position;
    await sought;
    // The same frame again is not presented anew.
    await Promise.race([presented, new Promise((done) => setTimeout(done, 500))]);
    canvas.clearRect(0, 0, ${width}, ${height});
    canvas.drawImage(video, 0, 0, ${width}, ${height});
    const pixels = (y) => [...canvas.getImageData(0, y, ${width}, 1).data.filter((_, i) => i % 4 < 3)];
    shown.push({ position, at: video.currentTime, rows: Object.fromEntries(rows.map((y) => [y, pixels(y)])) });
  }
  const ended = happens('ended');
  await video.play();
  await ended;
  const { duration, currentTime, videoWidth, videoHeight } = video;
  return { name, shown, duration, currentTime, videoWidth, videoHeight };
}
async function watchAll({ videos, rows }) {
  const seen = [];
  for (const wanted of videos) seen.push(await watch(wanted, rows));
  return seen;
}
watchAll(JSON.parse(decodeURIComponent(location.search.slice(1)))).catch((error) => String(error)).then((seen) =>
  fetch('/seen', { method: 'POST', body: JSON.stringify(seen) }));
</script>`;

/** Serves the player, and the videos by ranges. */
export async function startPlayer(t: Cleanup, videos: Wanted[], rows: number[]) {
  const reports = new EventEmitter();
  const server = createServer((request, response) => void serve(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const query = { videos: videos.map(({ name, positions }) => ({ name, positions })), rows };
  const { port } = server.address() as AddressInfo;
  const page = `http://127.0.0.1:${port}/?${encodeURIComponent(JSON.stringify(query))}`;

  async function serve(request: IncomingMessage, response: ServerResponse) {
    if (request.url === '/seen') {
      reports.emit('seen', JSON.parse(await text(request)));
      return response.end();
    }
    const name = /^\/([\w-]+)\.mp4$/.exec(request.url ?? '')?.[1];
    const video = videos.find((one) => one.name === name);
    if (!video) return response.writeHead(200, { 'content-type': 'text/html' }).end(player);
    const { size } = await stat(video.path);
    const [, from, to] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? [];
    const start = Number(from ?? 0);
    const end = to ? Number(to) : size - 1;
    response.writeHead(from ? 206 : 200, {
      'content-type': 'video/mp4',
      'accept-ranges': 'bytes',
      'content-length': end - start + 1,
      ...(from && { 'content-range': `bytes ${start}-${end}/${size}` }),
    });
    createReadStream(video.path, { start, end }).pipe(response);
  }

  /** What a browser that opens the page has seen, or why it could not. */
  return async (open: (page: string) => Promise<unknown>): Promise<Seen[] | string> => {
    const seen = once(reports, 'seen');
    await open(page);
    return (await seen)[0];
  };
}
