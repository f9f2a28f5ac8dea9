import { openEvents, reconnecting, retryMs } from '../api/events.js';
import { jobCard, onJob } from '../api/job.js';
import { bodyOf, send } from '../api/request.js';
import { element, find, isShut, setShut } from '../frame/element.js';
import { showAnswer } from './answer.js';
import { readForm } from './form_request.js';

/** Handles all panels except the studio. */
export function startPanels() {
  for (const form of document.querySelectorAll('form[data-try]')) {
    if (form instanceof HTMLFormElement && form.dataset.try !== 'createJob') startPanel(form);
  }
  // Visitors want to look at the job they have just created.
  onJob((jobId) => {
    for (const input of document.querySelectorAll('[data-in="path"][name="jobId"]')) {
      if (!(input instanceof HTMLInputElement)) continue;
      input.value = jobId;
      input.dispatchEvent(new Event('input', { bubbles: true }));
    }
  });
}

/** @param {HTMLFormElement} form */
function startPanel(form) {
  const outcome = find('[data-outcome]', form);
  const hint = find('[data-hint]', form);
  /** @type {HTMLButtonElement} */
  const button = find('[type="submit"]', form);
  let stopStream = () => {};
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (isShut(button)) return;
    stopStream();
    const { method, path, headers, missing, form: fields } = readForm(form);
    hint.textContent = missing ? `Fill in ${missing.name} first.` : '';
    if (missing) return missing.focus();
    if ('stream' in form.dataset) {
      stopStream = openStream(path, headers, outcome);
      return;
    }
    setShut(button, true);
    const answer = await send(path, {
      method,
      headers,
      body: fields && new URLSearchParams(fields),
    });
    setShut(button, false);
    const onActiveJob = (/** @type {string} */ jobId) => outcome.append(jobCard(jobId).card);
    outcome.replaceChildren(showAnswer(answer, { onActiveJob, retryButton: button }));
  });
}

/**
 * @param {string} path
 * @param {Record<string, string>} headers
 * @param {HTMLElement} outcome
 */
function openStream(path, headers, outcome) {
  const stopping = new AbortController();
  const log = element('ol', { class: 'events', 'aria-live': 'polite' });
  const stop = element('button', { type: 'button', click: () => stopping.abort() }, 'Close stream');
  const began = performance.now();
  const note = (/** @type {string} */ text) => {
    const at = `${((performance.now() - began) / 1000).toFixed(1)} s`;
    log.append(
      element('li', {}, element('span', { class: 'note' }, at), element('code', {}, text)),
    );
  };
  outcome.replaceChildren(log, stop);
  let lastId = '';
  /** Reads one connection to its end. Returns false when the stream is complete. */
  const read = async () => {
    const again = lastId ? { ...headers, 'Last-Event-ID': lastId } : headers;
    const { response, blocks } = await openEvents(path, again, stopping.signal);
    if (response.status === 204) return false;
    if (!blocks) {
      const { status, statusText } = response;
      const answer = {
        status,
        statusText,
        headers: [...response.headers],
        text: await response.text(),
        ms: performance.now() - began,
      };
      outcome.replaceChildren(showAnswer(answer));
      return false;
    }
    for await (const block of blocks) {
      note(block);
      lastId = /^id: ?(.*)$/m.exec(block)?.[1] ?? lastId;
    }
    note('Stream ended.');
    return false;
  };
  const run = async () => {
    while (await read().catch(() => !stopping.signal.aborted)) {
      note(reconnecting);
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
    if (stopping.signal.aborted) note('Stream closed.');
  };
  run().finally(() => stop.remove());
  return () => stopping.abort();
}

/** @param {import('../api/request.js').Answer} answer */
export const jobIdOf = (answer) => /** @type {string} */ (bodyOf(answer).jobId);
