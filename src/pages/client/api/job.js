import { hasEnded } from '../../../jobs/job_state.ts';
import { element, isShut, setShut } from '../frame/element.js';
import { follow, reconnecting } from './events.js';
import { bodyOf, send } from './request.js';

/** @typedef {import('./events.js').Job} Job */

/** @type {Set<(jobId: string, ended: boolean) => void>} */
const listeners = new Set();

/**
 * Calls the listener for each job that the page starts to follow, and again when the job has ended.
 *
 * @param {(jobId: string, ended: boolean) => void} listener
 */
export const onJob = (listener) => listeners.add(listener);

/**
 * @param {string} jobId
 * @param {boolean} [ended]
 */
const noteJob = (jobId, ended = false) => {
  for (const listener of listeners) listener(jobId, ended);
};

/**
 * A card that shows a job live: its state, its progress and, at the end, the video.
 *
 * @param {string} jobId
 * @param {(job: Job) => void} [showElsewhere] shows progress and video in place of the card
 * @returns {{ card: HTMLElement, ended: Promise<Job | undefined>, stop: () => void }}
 */
export function jobCard(jobId, showElsewhere) {
  noteJob(jobId);
  const state = element('span', { class: 'state' }, '…');
  const percent = element('span', { class: 'percent' });
  const fill = element('span', { class: 'wave-fill' });
  const wave = element(
    'div',
    {
      class: 'wave',
      role: 'progressbar',
      'aria-label': 'Job progress',
      'aria-valuemin': 0,
      'aria-valuemax': 100,
    },
    fill,
  );
  const said = element('p', { class: 'note', role: 'status' });
  const result = element('div', { class: 'result' });
  const cancel = element('button', { type: 'button', click: () => cancelJob() }, 'Cancel job');
  const card = element(
    'section',
    { class: 'job', tabindex: -1, 'aria-label': `${showElsewhere ? 'Your job' : 'Job'} ${jobId}` },
    element('p', { class: 'row' }, state, element('code', {}, jobId), percent),
    showElsewhere ? null : wave,
    element('div', { class: 'row' }, cancel, said),
    result,
  );

  async function cancelJob() {
    if (isShut(cancel)) return;
    setShut(cancel, true);
    const answer = await send(`/api/jobs/${jobId}`, { method: 'DELETE' });
    if (answer.status === 200) return;
    said.textContent = bodyOf(answer).error ?? 'No response from the service.';
  }

  /** @type {Job | undefined} */
  let last;
  let lost = false;
  const showLost = () => {
    lost = true;
    said.textContent = reconnecting;
  };
  const show = (/** @type {Job} */ job) => {
    if (lost) said.textContent = sentences[job.status] ?? '';
    lost = false;
    if (job.status !== last?.status) {
      state.textContent = job.status;
      state.className = `state state-${job.status.toLowerCase()}`;
      said.textContent = sentences[job.status] ?? '';
      // Keep the focus when the button that has it disappears.
      if (document.activeElement === cancel && job.status !== 'PENDING') card.focus();
      cancel.hidden = job.status !== 'PENDING';
      card.dataset.status = job.status;
    }
    percent.textContent = job.status === 'PENDING' ? '' : `${job.progress}%`;
    wave.setAttribute('aria-valuenow', String(job.progress));
    fill.style.width = `${job.progress}%`;
    showElsewhere?.(job);
    if (hasEnded(job.status) && !(last && hasEnded(last.status))) {
      result.append(...outcomeOf(job, !showElsewhere));
      noteJob(jobId, true);
    }
    last = job;
  };

  const stopping = new AbortController();
  const ended = follow(jobId, show, showLost, stopping.signal).then(
    () => last,
    (error) => {
      said.textContent = error.message;
      return undefined;
    },
  );
  return { card, ended, stop: () => stopping.abort() };
}

/** @type {Record<string, string>} */
const sentences = {
  PENDING: 'Queued. You can still cancel it.',
  PROCESSING: 'Rendering.',
  COMPLETED: 'Done.',
  FAILED: 'The job failed.',
  CANCELLED: 'Cancelled before it had ended.',
};

/**
 * @param {Job} job
 * @param {boolean} withVideo
 */
function outcomeOf(job, withVideo) {
  if (job.status === 'FAILED') return [element('p', { class: 'problem' }, job.errorMessage ?? '')];
  if (!job.outputVideo) return [];
  const links = linksOf(job);
  if (!withVideo) return [links];
  const video = element('video', {
    src: job.outputVideo,
    poster: job.outputVideo.replace(/video\.mp4$/, 'poster.jpg'),
    controls: true,
    playsinline: true,
    preload: 'metadata',
    'aria-label': 'Finished video',
  });
  return [video, links];
}

/** @param {Job} job */
const linksOf = (job) =>
  element(
    'p',
    { class: 'row' },
    element('a', { class: 'button', href: `${job.outputVideo}?download` }, 'Download'),
    job.outputShareLink
      ? element('a', { class: 'button', href: job.outputShareLink }, 'Open share page')
      : null,
  );
