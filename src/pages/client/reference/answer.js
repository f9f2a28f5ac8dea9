import { bodyOf, headerOf } from '../api/request.js';
import { element, setShut } from '../frame/element.js';
import { bodyBlock } from './code.js';

/** @typedef {import('../api/request.js').Answer} Answer */

/**
 * Shows a whole answer: status, time, what an error means, body, headers.
 *
 * @param {Answer} answer
 * @param {{ onActiveJob?: (jobId: string) => void, retryButton?: HTMLButtonElement }} [more]
 */
export function showAnswer(answer, more = {}) {
  const { status } = answer;
  const kind = status >= 200 && status < 300 ? 'good' : 'bad';
  return element(
    'div',
    { class: 'answer' },
    element('p', { class: 'answer-line', role: 'status' }, ...lineOf(answer, kind)),
    kind === 'bad' ? explain(answer, more) : null,
    ...partsOf(answer),
  );
}

/**
 * The folded answer to a request whose job is shown elsewhere.
 *
 * @param {Answer} answer
 */
export const foldAnswer = (answer) =>
  element(
    'details',
    { class: 'fold' },
    element('summary', {}, 'Response ', ...lineOf(answer, 'good')),
    ...partsOf(answer),
  );

/**
 * @param {Answer} answer
 * @param {string} kind good or bad
 */
const lineOf = ({ status, statusText, ms }, kind) => [
  element(
    'span',
    { class: `code-${kind}` },
    `${status || ''} ${statusText || reasons[status] || ''}`.trim(),
  ),
  ' ',
  element('span', { class: 'note' }, `${Math.round(ms)} ms`),
];

/** @param {Answer} answer */
const partsOf = ({ text, headers }) => [
  text ? bodyBlock('Response body', text) : null,
  headers.length > 0 ? foldHeaders(headers) : null,
];

/** @param {[string, string][]} headers */
function foldHeaders(headers) {
  const value = (/** @type {string} */ wanted) =>
    headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
  const [left, limit] = [value('ratelimit-remaining'), value('ratelimit-limit')];
  const requests = left && limit ? `, ${left} of ${limit} requests left` : '';
  return element(
    'details',
    { class: 'fold' },
    element('summary', {}, `${headers.length} headers${requests}`),
    showHeaders(headers),
  );
}

/** HTTP/2 sends no words with a status. @type {Record<number, string>} */
const reasons = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
};

/** @param {[string, string][]} headers */
export function showHeaders(headers) {
  // Rate limits come first.
  const weight = (/** @type {string} */ name) => (/^(ratelimit|retry)/i.test(name) ? 0 : 1);
  const sorted = headers.toSorted(([a], [b]) => weight(a) - weight(b));
  return element(
    'dl',
    { class: 'headers' },
    ...sorted.map(([name, value]) =>
      element('div', {}, element('dt', {}, name), element('dd', {}, value)),
    ),
  );
}

/**
 * @param {Answer} answer
 * @param {{ onActiveJob?: (jobId: string) => void, retryButton?: HTMLButtonElement }} more
 */
function explain(answer, { onActiveJob, retryButton }) {
  const { error, code, activeJobId } = bodyOf(answer);
  const wait = Number(headerOf(answer, 'retry-after') ?? 0);
  const box = element(
    'div',
    { class: 'problem' },
    element(
      'p',
      {},
      element(
        'strong',
        {},
        answer.fault
          ? 'Request not sent'
          : (titles[code] ?? titles[answer.status] ?? 'Something went wrong'),
      ),
    ),
    element(
      'p',
      {},
      error ??
        answer.fault ??
        "No response from the service. Check that it's running and that you're online.",
    ),
  );
  if (answer.status === 401) {
    box.append(element('p', {}, element('a', { href: '#key' }, 'Enter your API key')));
  }
  if (activeJobId && onActiveJob) {
    const show = () => onActiveJob(activeJobId);
    box.append(
      element('p', {}, element('button', { type: 'button', click: show }, 'Show active job')),
    );
  }
  if (answer.status === 429 && wait > 0) box.append(countdown(wait, retryButton));
  return box;
}

/** @type {Record<string, string>} */
const titles = {
  0: 'No response',
  400: 'Invalid request',
  api_key_missing: 'Missing API key',
  api_key_unknown: 'Invalid API key',
  404: 'Not found',
  active_job_exists: 'You already have an active job',
  409: 'The job is in another state',
  413: 'File too large',
  415: 'Unsupported file type',
  429: 'Rate limit exceeded',
  500: 'Server error',
};

/**
 * Counts the seconds down, and keeps the button disabled until then.
 *
 * @param {number} seconds
 * @param {HTMLButtonElement} [button]
 */
function countdown(seconds, button) {
  const line = element('p', { class: 'countdown' });
  const until = Date.now() + seconds * 1_000;
  const tick = () => {
    const left = Math.ceil((until - Date.now()) / 1_000);
    line.textContent = left > 0 ? `Try again in ${left} s.` : 'You can try again now.';
    if (button) setShut(button, left > 0);
    if (left <= 0) clearInterval(timer);
  };
  const timer = setInterval(tick, 250);
  tick();
  return line;
}
