import { hasEnded } from '../../../jobs/job_state.ts';
import { onJob } from '../api/job.js';
import { apiKey, onKey } from '../api/key.js';
import { bodyOf, send } from '../api/request.js';
import { element, find } from '../frame/element.js';

const most = 12;
const pauseMs = 400;

/** @type {Intl.DateTimeFormatOptions} */
const when = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' };

/**
 * Checks the key as soon as it is pasted by listing its jobs. Shows their posters, and reports a job that is still
 * running.
 *
 * @param {(jobId: string) => unknown} onRunning
 */
export function startVideos(onRunning) {
  const state = find('#key-state');
  let tried = '';
  let timer = 0;
  const look = async () => {
    const key = apiKey();
    const answer = await send(`/api/jobs?limit=${most}`);
    if (key !== apiKey()) return;
    const [kind, words] = verdictOn(answer);
    state.dataset.state = kind;
    state.textContent = words;
    const jobs = answer.status === 200 ? bodyOf(answer).jobs : [];
    showVideos(jobs);
    const running = jobs.find((/** @type {{ status: string }} */ job) => !hasEnded(job.status));
    if (running) onRunning(running.id);
  };
  onKey(() => {
    if (apiKey() === tried) return;
    tried = apiKey();
    clearTimeout(timer);
    state.textContent = '';
    showVideos([]);
    if (tried) timer = setTimeout(look, pauseMs);
  });
  onJob((_, ended) => ended && tried && look());
}

/**
 * @param {import('../api/request.js').Answer} answer
 * @returns {[state: string, words: string]}
 */
function verdictOn({ status, fault }) {
  if (status === 200) return ['good', '✓ Key works'];
  if (status === 401 || fault) return ['bad', 'Key not recognized'];
  return [
    'none',
    status === 429 ? 'Too many requests to check the key' : 'Key not checked: no connection',
  ];
}

/** @param {{ id: string, status: string, outputVideo: string | null, outputShareLink: string | null, createdAt: string }[]} jobs */
function showVideos(jobs) {
  const videos = jobs.filter(({ outputVideo }) => outputVideo);
  find('#videos').hidden = videos.length === 0;
  find('[data-videos]').replaceChildren(
    ...videos.map(({ outputVideo, outputShareLink, createdAt }) => {
      const date = new Date(createdAt).toLocaleString('en-GB', when);
      const poster = element('img', {
        src: (outputVideo ?? '').replace(/video\.mp4$/, 'poster.jpg'),
        alt: 'Video of',
        loading: 'lazy',
      });
      const href = outputShareLink ?? outputVideo ?? '';
      const time = element('span', { class: 'note' }, date);
      return element('li', {}, element('a', { href }, poster, ' ', time));
    }),
  );
}
