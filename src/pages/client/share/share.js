import { find } from '../frame/element.js';
import { coverWithPlay } from '../frame/play_button.js';
import { drawWave, peaksOf } from '../frame/waveform.js';

const said = find('[data-said]');
/** @type {HTMLVideoElement} */
const video = find('video');

/**
 * @param {string} text
 * @param {string} done
 * @param {string} failed
 */
async function copy(text, done, failed) {
  said.textContent = await navigator.clipboard.writeText(text).then(
    () => done,
    () => failed,
  );
}

const link = find('[data-copy-link]');
const address = link.dataset.copyLink ?? '';
link.addEventListener('click', () =>
  copy(address, 'Link copied.', "Couldn't copy the link. Copy it from the address bar."),
);

const share = find('[data-share]');
if ('share' in navigator) {
  share.hidden = false;
  // Closing the sheet is not a failure.
  share.addEventListener('click', () =>
    navigator.share({ title: document.title, url: address }).catch(() => {}),
  );
}

/** @type {HTMLTextAreaElement} */
const code = find('[data-embed]');
find('[data-copy-embed]').addEventListener('click', () => {
  code.select();
  copy(code.value, 'Embed code copied.', "Couldn't copy the code. Copy it by hand.");
});

coverWithPlay(video, find('[data-play]'));

// Start at ?t=42 or ?t=1m10s.
const at = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?$/.exec(
  new URLSearchParams(location.search).get('t') ?? '',
);
if (at) {
  const [hours, minutes, seconds] = at.slice(1).map((part) => Number(part ?? 0));
  video.currentTime = ((hours ?? 0) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0);
}

const wave = document.querySelector('[data-wave]');
if (wave instanceof HTMLCanvasElement) showSound(wave);

/**
 * Draws the sound of the video, filled as far as it has been played. A click on it seeks.
 *
 * @param {HTMLCanvasElement} canvas
 */
async function showSound(canvas) {
  const file = await fetch(canvas.dataset.wave ?? '').then(
    (response) => (response.ok ? response.blob() : undefined),
    () => undefined,
  );
  const peaks = file ? await peaksOf(file) : [];
  const draw = () => {
    const share = video.currentTime / (video.duration || 1);
    drawWave(canvas, peaks, { share, played: '#f0917f', rest: 'rgb(255 255 255 / 45%)' });
  };
  new ResizeObserver(draw).observe(canvas);
  for (const name of ['timeupdate', 'seeked', 'loadedmetadata']) video.addEventListener(name, draw);
  canvas.addEventListener('click', ({ offsetX }) => {
    if (video.duration) video.currentTime = (offsetX / canvas.clientWidth) * video.duration;
  });
}
