import { showAnswer } from './answer.js';
import { element, find, isShut, setShut } from './element.js';
import { blocksOf } from './events.js';
import { readForm } from './form_request.js';
import { jobCard, onJob } from './job.js';
import { address, bodyOf, send, withApiKey } from './request.js';

/** Brings the panels to life, all but the one that submits. */
export function startPanels() {
  for (const form of document.querySelectorAll('form[data-try]')) {
    if (form instanceof HTMLFormElement && form.dataset.try !== 'createJob') startPanel(form);
  }
  // The job one has just made is what one wants to look at next.
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
    const { method, path, headers, missing } = readForm(form);
    hint.textContent = missing ? `Fill in ${missing.name} first.` : '';
    if (missing) return missing.focus();
    if ('stream' in form.dataset) {
      stopStream = openStream(path, headers, outcome);
      return;
    }
    setShut(button, true);
    const answer = await send(path, { method, headers });
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
  const run = async () => {
    const response = await fetch(address(path), {
      headers: withApiKey(headers),
      signal: stopping.signal,
    });
    if (!response.ok || !response.body) {
      const { status, statusText } = response;
      const answer = {
        status,
        statusText,
        headers: [...response.headers],
        text: await response.text(),
        ms: performance.now() - began,
      };
      outcome.replaceChildren(showAnswer(answer));
      return;
    }
    for await (const block of blocksOf(response.body)) note(block);
    note('Stream ended.');
  };
  run()
    .catch(() => note(stopping.signal.aborted ? 'Stream closed.' : 'Connection lost.'))
    .finally(() => stop.remove());
  return () => stopping.abort();
}

/** @param {import('./request.js').Answer} answer */
export const jobIdOf = (answer) => /** @type {string} */ (bodyOf(answer).jobId);
