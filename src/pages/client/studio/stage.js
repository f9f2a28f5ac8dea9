import { element, find } from '../frame/element.js';
import { coverWithPlay } from '../frame/play_button.js';
import { drawWave, peaksFrom } from '../frame/waveform.js';

/** @typedef {import('../api/events.js').Job} Job */

const colors = { played: '#f0917f', rest: 'rgb(255 255 255 / 45%)' };

/**
 * The stage: previews the chosen files and options, shows progress in the waveform, and at the end plays the video
 * in place of the picture.
 *
 * @param {HTMLElement} stage
 */
export function startStage(stage) {
  const frame = find('[data-frame]', stage);
  const wave = find('[data-wave]', stage);
  /** @type {HTMLCanvasElement} */
  const canvas = find('canvas', wave);
  /** @type {HTMLCanvasElement} */
  const overlay = find('[data-overlay]', stage);
  const caption = find('[data-caption]', stage);
  const button = find('[data-play]', stage);
  const samplePeaks = peaksFrom(stage.dataset.peaks ?? '');
  let peaks = samplePeaks;
  let share = 0;
  /** @type {Record<string, string | undefined>} */
  let options = {};
  /** @type {HTMLVideoElement | undefined} */
  let video;

  const draw = () => {
    drawWave(canvas, peaks, { share, ...colors });
    const { waveform: style = 'none', waveformColor: played = '#ffffff' } = options;
    overlay.hidden = style === 'none';
    // Only `progress` draws the played part in another color.
    const rest = style === 'progress' ? `${played}66` : played;
    if (!overlay.hidden) drawWave(overlay, peaks, { share: 0.4, played, rest, style });
  };
  new ResizeObserver(draw).observe(stage);

  wave.addEventListener('click', ({ offsetX }) => {
    if (video?.duration) video.currentTime = (offsetX / wave.clientWidth) * video.duration;
  });

  const clear = () => {
    video?.remove();
    video = undefined;
    button.hidden = true;
    share = 0;
    for (const name of ['role', 'aria-label', 'aria-valuenow', 'aria-valuemin', 'aria-valuemax'])
      wave.removeAttribute(name);
    draw();
  };

  /** Scrolls only as far as needed: on a phone, the stage lies below the submit button. */
  const bringIntoView = () => stage.scrollIntoView({ block: 'nearest' });

  return {
    clear,
    bringIntoView,
    /** @param {string} url */
    showPicture(url) {
      for (const picture of stage.querySelectorAll('[data-picture]')) {
        if (picture instanceof HTMLImageElement) picture.src = url;
      }
      const picture = new Image();
      picture.addEventListener('load', () => setRatio(picture.naturalWidth, picture.naturalHeight));
      picture.src = url;
    },
    /** @param {number[] | undefined} shape undefined: that of the sample */
    showSound(shape) {
      peaks = shape ?? samplePeaks;
      draw();
    },
    /** @param {string} text the first caption, '' when there are none */
    showCaption(text) {
      caption.textContent = text;
      caption.hidden = text === '';
    },
    /** @param {Record<string, string | undefined>} chosen */
    showOptions(chosen) {
      options = chosen;
      const { dataset, style } = frame;
      dataset.ratio = chosen.aspectRatio ?? 'source';
      dataset.fit = chosen.fit ?? 'contain';
      dataset.motion = chosen.motion ?? 'none';
      dataset.wave = chosen.waveformPosition ?? 'bottom';
      const { background = '' } = chosen;
      style.setProperty('--bars', /^#[0-9a-f]{6}$/i.test(background) ? background : '#000');
      draw();
    },
    /** @param {Job} job */
    showJob(job) {
      if (job.status === 'COMPLETED' && job.outputVideo) return play(job.outputVideo);
      share = job.progress / 100;
      wave.setAttribute('role', 'progressbar');
      wave.setAttribute('aria-label', 'Job progress');
      wave.setAttribute('aria-valuemin', '0');
      wave.setAttribute('aria-valuemax', '100');
      wave.setAttribute('aria-valuenow', String(job.progress));
      draw();
    },
  };

  /**
   * @param {number} width
   * @param {number} height
   */
  function setRatio(width, height) {
    frame.style.setProperty('--source', String(width / height));
    draw();
  }

  /** @param {string} url */
  function play(url) {
    if (video) return;
    clear();
    const made = element('video', {
      class: 'stage-video',
      src: url,
      poster: url.replace(/video\.mp4$/, 'poster.jpg'),
      controls: true,
      playsinline: true,
      preload: 'metadata',
      'aria-label': 'Finished video',
      timeupdate: () => {
        share = made.currentTime / (made.duration || 1);
        draw();
      },
      loadedmetadata: () => {
        frame.dataset.ratio = 'source';
        setRatio(made.videoWidth, made.videoHeight);
      },
    });
    video = made;
    button.before(made);
    coverWithPlay(made, button);
    bringIntoView();
  }
}
