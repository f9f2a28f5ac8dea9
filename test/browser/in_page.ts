/** Programs for the page: what must not move, not stick out, and play. */

/** The sum of all layout shifts so far; Firefox does not tell. */
export const layoutShift = `new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) sum += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
  // What has been buffered is told before the next frame but one.
  requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
})`;

export const sidewaysScroll =
  'document.documentElement.scrollWidth - document.documentElement.clientWidth';

/** Whether some of the element lies in the window. */
export const isSeen = (selector: string) =>
  `(({ top, bottom }) => top < innerHeight - 40 && bottom > 40)(document.querySelector('${selector}').getBoundingClientRect())`;

/** Whether there is anything on the canvas. */
export const hasDrawn = (selector: string) =>
  `((canvas) => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean))(document.querySelector('${selector}'))`;

/** Resolves when the expression is true; playwright's own way to wait evaluates text, which the page forbids. */
export const until = (expression: string) => `new Promise((done) => {
  const look = () => (${expression} ? done(true) : setTimeout(look, 50));
  look();
})`;

export type Played = { width: number; seconds: number; at: number };

/** Plays the video for a moment, then seeks to its middle; resolves when the browser has got there. */
export const playAndSeek = `(async () => {
  const video = document.querySelector('video');
  if (video.readyState < 1) await new Promise((done, fail) => {
    video.addEventListener('loadedmetadata', done);
    video.addEventListener('error', () => fail(new Error(video.error?.message)));
  });
  video.muted = true;
  await video.play();
  await new Promise((done) => video.addEventListener('timeupdate', () => video.currentTime > 0 && done()));
  video.pause();
  const seeked = new Promise((done) => video.addEventListener('seeked', done, { once: true }));
  video.currentTime = video.duration / 2;
  await seeked;
  return { width: video.videoWidth, seconds: video.duration, at: video.currentTime };
})()`;
