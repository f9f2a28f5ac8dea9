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

export const ratioOf = (selector: string) =>
  `(({ width, height }) => width / height)(document.querySelector('${selector}').getBoundingClientRect())`;

/** Removes the other parts of the page, except the studio, whose key and files all use. */
export const keepOnly = (part: string) =>
  `for (const other of document.querySelectorAll('.side, main > section:not(#studio), .endpoint'))
    if (!other.matches('${part}, :has(${part})')) other.remove()`;

/** Drops files on the element, or pastes them there: small ones of these names and types. */
export const give = (event: 'drop' | 'paste', selector: string, files: [string, string][]) => `{
  const given = new DataTransfer();
  for (const [name, type] of ${JSON.stringify(files)}) {
    const text = '1\\n00:00:00,000 --> 00:00:02,000\\nSaid in the first cue.\\n';
    given.items.add(new File([text], name, { type }));
  }
  const init = { bubbles: true, cancelable: true };
  document.querySelector('${selector}').dispatchEvent('${event}' === 'drop'
    ? new DragEvent('drop', { ...init, dataTransfer: given })
    : new ClipboardEvent('paste', { ...init, clipboardData: given }));
}`;

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
