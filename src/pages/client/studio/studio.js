import { requestCode } from '../../reference/request_code/request_code.ts';
import { jobCard } from '../api/job.js';
import { onKey } from '../api/key.js';
import { bodyOf, upload } from '../api/request.js';
import { element, find, isShut, setShut } from '../frame/element.js';
import { peaksOf } from '../frame/waveform.js';
import { foldAnswer, showAnswer } from '../reference/answer.js';
import { codeBlock, keyInCode, showCode } from '../reference/code.js';
import { readForm } from '../reference/form_request.js';
import { jobIdOf } from '../reference/panel.js';
import { startChip } from './files.js';
import { acceptFiles } from './given_files.js';
import { fieldsOf, optionsOf, showField, startColors } from './options.js';
import { startStage } from './stage.js';
import { startVideos } from './videos.js';

/** Handles the studio: files, options, the upload, and the job until its video plays. */
export function startStudio() {
  /** @type {HTMLFormElement} */
  const form = find('#try-createJob');
  /** @type {HTMLButtonElement} */
  const button = find('[type="submit"]', form);
  const hint = find('[data-hint]', form);
  const outcome = find('[data-outcome]', form);
  const response = find('[data-response]', form);
  const samples = find('[data-samples]', form);
  const stage = startStage(find('[data-stage]', form));

  const chips = ['image', 'audio'].map((name) => {
    const chip = find(`[data-drop="${name}"]`, form);
    return startChip(chip, (file, url) => (name === 'image' ? takePicture(url) : takeSound(file)));
  });
  const block = codeBlock('curl command');
  const curl = find('code', block);
  find('[data-curl]', form).append(block);
  const showCurl = () => {
    /** @type {import('../../reference/request_code/example_request.ts').FormField[]} */
    const fields = [
      ...sentChips().map(({ name, fileName }) => field(name, { file: fileName })),
      ...fieldsOf(form).map(([name, value]) =>
        field(name, value instanceof File ? { file: value.name } : value),
      ),
    ];
    const request = { ...readForm(form), key: keyInCode(), form: fields };
    showCode(curl, requestCode('curl', request), 'sh');
  };
  form.addEventListener('input', showCurl);
  onKey(showCurl);
  startColors(form);
  startListening(find('[data-listen]', form), () => chips[1]?.url ?? '');
  acceptFiles(form, chips);

  /** @param {string} url */
  function takePicture(url) {
    find('[data-thumb]', form).setAttribute('src', url);
    stage.showPicture(url);
    filesChanged();
  }
  /** @param {File | undefined} file */
  async function takeSound(file) {
    filesChanged();
    stage.showSound(file ? await peaksOf(file) : undefined);
  }
  function filesChanged() {
    stage.clear();
    samples.hidden = chips.every(({ isSample }) => isSample);
    showCurl();
  }
  samples.addEventListener('click', () => {
    for (const chip of chips) chip.take();
    find('input', form).focus();
  });
  form.addEventListener('input', () => {
    stage.showOptions(optionsOf(form));
  });
  find('[name="captions"]', form).addEventListener('change', async ({ target }) => {
    const file = /** @type {HTMLInputElement} */ (target).files?.[0];
    stage.showCaption(file ? firstCaption(await file.text()) : '');
    showCurl();
  });

  /** The chips to send: a URL in the options replaces the file. */
  function sentChips() {
    const given = fieldsOf(form).map(([name]) => name);
    return chips.filter(({ name }) => !given.includes(`${name}Url`));
  }

  /** @type {(() => void) | undefined} */
  let stopWatching;
  const watch = (/** @type {string} */ jobId) => {
    stopWatching?.();
    const { card, stop } = jobCard(jobId, stage.showJob);
    stopWatching = stop;
    stage.clear();
    outcome.replaceChildren(card);
  };
  startVideos((jobId) => isShut(button) || outcome.hasChildNodes() || watch(jobId));

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (isShut(button)) return;
    hint.textContent = '';
    stopWatching?.();
    setShut(button, true);
    if (sentChips().some(({ isSample }) => isSample))
      hint.textContent = 'Loading the sample files…';
    const body = await bodyToSend().catch(() => undefined);
    hint.textContent = '';
    if (!body) {
      hint.textContent = "Couldn't load the sample files. Check your connection and try again.";
      setShut(button, false);
      return;
    }
    const answer = await uploadWithBar(body, readForm(form).headers, outcome);
    setShut(button, false);
    if (answer.status === 201) {
      response.replaceChildren(foldAnswer(answer));
      watch(jobIdOf(answer));
      stage.bringIntoView();
      return;
    }
    response.replaceChildren();
    outcome.replaceChildren(showAnswer(answer, { onActiveJob: watch, retryButton: button }));
    const { field, error } = bodyOf(answer);
    chips.find(({ name }) => name === field)?.refuse(error);
    if (field) showField(form, field);
  });

  async function bodyToSend() {
    const body = new FormData();
    for (const chip of sentChips()) body.append(chip.name, await chip.file());
    for (const [name, value] of fieldsOf(form)) body.append(name, value);
    return body;
  }
}

/**
 * @param {string} name
 * @param {string | { file: string }} value
 * @returns {import('../../reference/request_code/example_request.ts').FormField}
 */
const field = (name, value) => [name, value];

/**
 * The text of the first cue of a SubRip or WebVTT file.
 *
 * @param {string} text
 */
const firstCaption = (text) =>
  (/-->[^\n]*\n([\s\S]*?)(?:\r?\n\r?\n|$)/.exec(text)?.[1] ?? '').replaceAll(/<[^>]*>/g, '').trim();

/**
 * @param {HTMLElement} button
 * @param {() => string} url
 */
function startListening(button, url) {
  const audio = new Audio();
  const shown = () => button.setAttribute('aria-pressed', String(!audio.paused));
  for (const name of ['play', 'pause', 'ended']) audio.addEventListener(name, shown);
  button.addEventListener('click', () => {
    if (!audio.paused) return audio.pause();
    if (audio.src !== url()) audio.src = url();
    audio.play().catch(() => {});
  });
}

/**
 * @param {FormData} body
 * @param {Record<string, string>} headers
 * @param {HTMLElement} outcome
 */
export function uploadWithBar(body, headers, outcome) {
  const bar = element('progress', { max: 1, value: 0, 'aria-label': 'Upload' });
  const said = element('span', { class: 'note' }, 'Uploading…');
  outcome.replaceChildren(element('div', { class: 'uploading' }, bar, said));
  return upload('/api/jobs', body, headers, (share) => {
    bar.value = share;
    said.textContent =
      share < 1 ? `Uploading… ${Math.round(share * 100)}%` : 'Waiting for the response…';
  });
}
