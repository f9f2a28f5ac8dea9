import { codeBlock, prettyJson } from './code.js';
import { element, setShut } from './element.js';
import { bodyOf, headerOf } from './request.js';

/** @typedef {import('./request.js').Answer} Answer */

/**
 * Shows an answer whole: status, time, what an error means, headers, body.
 *
 * @param {Answer} answer
 * @param {{ onActiveJob?: (jobId: string) => void, retryButton?: HTMLButtonElement }} [more]
 */
export function showAnswer(answer, more = {}) {
  const { status, statusText, headers, text, ms } = answer;
  const kind = status >= 200 && status < 300 ? 'good' : 'bad';
  return element(
    'div',
    { class: 'answer' },
    element(
      'p',
      { class: 'answer-line', role: 'status' },
      element(
        'span',
        { class: `code-${kind}` },
        `${status || ''} ${statusText || reasons[status] || ''}`.trim(),
      ),
      element('span', { class: 'note' }, `${Math.round(ms)} ms`),
    ),
    kind === 'bad' ? explain(answer, more) : null,
    headers.length > 0 ? showHeaders(headers) : null,
    text ? codeBlock('Response body', ...prettyJson(text)) : null,
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
  // What tells of the limits first: it is what one looks for.
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
          ? 'This cannot be sent'
          : (titles[code] ?? titles[answer.status] ?? 'It did not work'),
      ),
    ),
    element(
      'p',
      {},
      error ?? answer.fault ?? 'The service did not answer. Is it running, and are you online?',
    ),
  );
  if (answer.status === 401) {
    box.append(element('p', {}, element('a', { href: '#authentication' }, 'Go to the API key')));
  }
  if (activeJobId && onActiveJob) {
    const show = () => onActiveJob(activeJobId);
    box.append(
      element('p', {}, element('button', { type: 'button', click: show }, 'Show the active job')),
    );
  }
  if (answer.status === 429 && wait > 0) box.append(countdown(wait, retryButton));
  return box;
}

/** @type {Record<string, string>} */
const titles = {
  0: 'No answer',
  400: 'The request is not right yet',
  api_key_missing: 'No API key yet',
  api_key_unknown: 'This API key is not known',
  404: 'Not found',
  active_job_exists: 'A job of yours is still active',
  409: 'That cannot be done now',
  413: 'Too large',
  415: 'Not a type we can take',
  429: 'Too many requests',
  500: 'A fault on our side',
};

/**
 * Counts the seconds down, and keeps the button shut meanwhile.
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
