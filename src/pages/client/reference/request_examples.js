import { requestCode, requestLanguages } from '../../reference/request_code/request_code.ts';
import { onKey } from '../api/key.js';
import { find } from '../frame/element.js';
import { keyInCode, showCode } from './code.js';
import { readForm } from './form_request.js';
import { language, onLanguage } from './language.js';

/** Rewrites the request of each endpoint in the chosen language, with the values in its panel. */
export function startRequestExamples() {
  for (const block of document.querySelectorAll('[data-request]'))
    if (block instanceof HTMLElement) startExample(block);
}

/** @param {HTMLElement} block */
function startExample(block) {
  /** @type {import('../../reference/request_code/example_request.ts').ExampleRequest} */
  const example = JSON.parse(block.dataset.request ?? '');
  const code = find('code', block);
  const panel = document.getElementById(block.dataset.panel ?? '');
  const show = () => {
    const wanted = requestLanguages.find(({ name }) => name === language()) ?? requestLanguages[0];
    const filled = panel instanceof HTMLFormElement ? readForm(panel) : {};
    const request = { ...example, ...filled, key: example.key && keyInCode() };
    showCode(code, requestCode(wanted.name, request), wanted.language);
  };
  panel?.addEventListener('input', show);
  onKey(show);
  onLanguage(show);
}
