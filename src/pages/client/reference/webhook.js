import { jobCard } from '../api/job.js';
import { bodyOf, send } from '../api/request.js';
import { element, find, isShut, setShut } from '../frame/element.js';
import { sampleFiles } from '../studio/files.js';
import { uploadWithBar } from '../studio/studio.js';
import { showAnswer, showHeaders } from './answer.js';
import { jobIdOf } from './panel.js';
import { signatureOf } from './verify.js';

const lookEveryMs = 500;
const lookForMs = 60_000;

/** The panel that catches a webhook and verifies it in the browser. */
export function startWebhook() {
  /** @type {HTMLTextAreaElement} */
  const body = find('#webhook-body');
  /** @type {HTMLInputElement} */
  const signature = find('#webhook-signature');
  /** @type {HTMLInputElement} */
  const secret = find('#webhook-secret');
  const verdict = find('#webhook-verdict');
  let turn = 0;
  const judge = async () => {
    const mine = ++turn;
    const [state, words] = await verdictOn(body.value, signature.value.trim(), secret.value.trim());
    if (mine !== turn) return;
    verdict.dataset.state = state;
    verdict.textContent = words;
  };
  for (const input of [body, signature, secret]) input.addEventListener('input', judge);
  find('#webhook-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    const button = document.querySelector('#webhook-form [type="submit"]');
    if (!(button instanceof HTMLElement) || isShut(button)) return;
    setShut(button, true);
    const caught = await catchOne(find('#webhook-outcome'));
    setShut(button, false);
    if (!caught) return;
    find('[data-verify]').hidden = false;
    body.value = caught.body;
    signature.value = caught.headers['x-webhook-signature'] ?? '';
    await judge();
    if (!secret.value) secret.focus();
  });
}

/**
 * @param {string} body
 * @param {string} signature
 * @param {string} secret
 * @returns {Promise<[state: 'none' | 'good' | 'bad', words: string]>}
 */
async function verdictOn(body, signature, secret) {
  if (!body || !signature || !secret)
    return ['none', 'Enter a body, its signature and your webhook secret.'];
  if (!globalThis.crypto?.subtle)
    return ['none', 'Verification works only over https:// or on localhost.'];
  const expected = await signatureOf(body, secret);
  if (expected === signature.toLowerCase()) {
    return [
      'good',
      'Valid: the signature matches. Change one character of the body to see it fail.',
    ];
  }
  return ['bad', "Invalid: the signature doesn't match this body and secret."];
}

/** @typedef {{ jobId: string, receivedAt: string, headers: Record<string, string>, body: string }} Caught */

/**
 * Opens a catcher, submits a job with its address, and waits for the webhook.
 *
 * @param {HTMLElement} outcome
 * @returns {Promise<Caught | undefined>}
 */
async function catchOne(outcome) {
  const opened = await send('/api/hooks', { method: 'POST' });
  const { url, token } = bodyOf(opened);
  if (!url) {
    outcome.replaceChildren(showAnswer(opened));
    return undefined;
  }
  const form = new FormData();
  const files = await sampleFiles().catch(() => undefined);
  if (!files) {
    const sorry = "Couldn't load the sample files. Try again.";
    outcome.replaceChildren(element('p', { class: 'note', role: 'status' }, sorry));
    return undefined;
  }
  for (const [index, name] of ['image', 'audio'].entries()) form.append(name, files[index] ?? '');
  form.append('webhookUrl', url);
  const submitted = await uploadWithBar(form, {}, outcome);
  if (submitted.status !== 201) {
    const onActiveJob = (/** @type {string} */ jobId) => outcome.append(jobCard(jobId).card);
    outcome.replaceChildren(showAnswer(submitted, { onActiveJob }));
    return undefined;
  }
  const { card, ended } = jobCard(jobIdOf(submitted));
  const said = element('p', { class: 'note', role: 'status' }, `Webhook URL: ${url}`);
  outcome.replaceChildren(card, said);
  const job = await ended;
  if (!job || job.status === 'CANCELLED') {
    said.textContent = 'No webhook will be sent for this job.';
    return undefined;
  }
  const caught = await look(token, job.jobId);
  if (!caught) {
    said.textContent = 'No webhook arrived. Is a worker running?';
    return undefined;
  }
  said.textContent = `Received at ${new Date(caught.receivedAt).toLocaleTimeString()}.`;
  outcome.append(
    element('p', { class: 'answer-line' }, element('code', {}, `POST ${url}`)),
    showHeaders(Object.entries(caught.headers)),
  );
  return caught;
}

/**
 * @param {string} token
 * @param {string} jobId
 * @returns {Promise<Caught | undefined>}
 */
async function look(token, jobId) {
  const until = Date.now() + lookForMs;
  while (Date.now() < until) {
    /** @type {Caught[]} */
    const webhooks = bodyOf(await send(`/api/hooks/${token}`)).webhooks ?? [];
    const found = webhooks.find((webhook) => webhook.jobId === jobId);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  return undefined;
}
