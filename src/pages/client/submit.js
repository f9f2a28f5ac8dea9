import { showAnswer } from './answer.js';
import { element, find, isShut, setShut } from './element.js';
import { sampleFiles, startDrop } from './files.js';
import { jobCard } from './job.js';
import { fieldsOf, showField, startColors } from './options.js';
import { jobIdOf, startCurl } from './panel.js';
import { bodyOf, upload } from './request.js';

/** The panel that submits: files, upload, and the job live until its video plays. */
export function startSubmit() {
  /** @type {HTMLFormElement} */
  const form = find('#try-createJob');
  /** @type {HTMLButtonElement} */
  const button = find('[type="submit"]', form);
  const hint = find('[data-hint]', form);
  const outcome = find('[data-outcome]', form);
  /** @type {ReturnType<typeof startDrop>[]} */
  const drops = [];
  const { showCurl, request } = startCurl(form, () => [
    ...drops.map(
      ({ name, file }) =>
        /** @type {[string, string]} */ ([
          name,
          `@${file?.name ?? (name === 'image' ? 'portrait.jpg' : 'voiceover.mp3')}`,
        ]),
    ),
    ...fieldsOf(form).map(
      ([name, value]) =>
        /** @type {[string, string]} */ ([name, value instanceof File ? `@${value.name}` : value]),
    ),
  ]);
  startColors(form);
  for (const drop of form.querySelectorAll('[data-drop]'))
    drops.push(startDrop(/** @type {HTMLElement} */ (drop), showCurl));
  showCurl();

  find('[data-samples]', form).addEventListener('click', async () => {
    const files = await sampleFiles().catch(() => []);
    for (const [index, file] of files.entries()) drops[index]?.take(file);
    hint.textContent = files.length > 0 ? '' : "Couldn't load the sample files.";
  });

  /** @type {(() => void) | undefined} */
  let stopWatching;
  const watch = (/** @type {string} */ jobId) => {
    stopWatching?.();
    const { card, stop } = jobCard(jobId);
    stopWatching = stop;
    outcome.prepend(card);
  };

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (isShut(button)) return;
    hint.textContent = '';
    stopWatching?.();
    const body = new FormData();
    for (const { name, file } of drops) if (file) body.append(name, file);
    for (const [name, value] of fieldsOf(form)) body.append(name, value);
    setShut(button, true);
    const answer = await uploadWithBar(body, request().headers, outcome);
    setShut(button, false);
    const onActiveJob = (/** @type {string} */ jobId) => watch(jobId);
    outcome.replaceChildren(showAnswer(answer, { onActiveJob, retryButton: button }));
    if (answer.status === 201) watch(jobIdOf(answer));
    const { field, error } = bodyOf(answer);
    drops.find(({ name }) => name === field)?.refuse(error);
    if (field) showField(form, field);
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
