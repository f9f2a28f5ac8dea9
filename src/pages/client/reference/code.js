import { tokensOf } from '../../reference/highlight.ts';
import { apiKey, keyAsShown, onKey, withKey } from '../api/key.js';
import { element } from '../frame/element.js';

/** @typedef {import('../../reference/highlight.ts').Language} Language */

const placeholder = '$YOUR_API_KEY';

/** The key as code on the page shows it. */
export const keyInCode = () => (apiKey() ? keyAsShown() : placeholder);

/** Handles the copy buttons, and puts the key into the samples. */
export function startCode() {
  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element && event.target.closest('[data-copy]');
    if (button instanceof HTMLElement) copy(button);
  });
  // A selection that is copied by hand gets the key as well, in place of the dots.
  document.addEventListener('copy', (event) => {
    const text = getSelection()?.toString() ?? '';
    if (!event.clipboardData || withKey(text) === text || !/•/.test(text)) return;
    event.clipboardData.setData('text/plain', withKey(text));
    event.preventDefault();
  });
  for (const slot of keySlots()) {
    onKey(() => {
      slot.textContent = keyInCode();
    });
  }
}

/** @param {HTMLElement} button */
async function copy(button) {
  const { from } = button.dataset;
  const label = from ? 'Copy page' : 'Copy';
  const said = await (from ? copyFrom(from) : copyShown(button)).then(
    () => 'Copied',
    () => 'Copy failed',
  );
  button.textContent = said;
  setTimeout(() => {
    button.textContent = label;
  }, 1_500);
}

/** @param {HTMLElement} button */
function copyShown(button) {
  const source = button.closest('.code')?.querySelector('pre') ?? button.previousElementSibling;
  return navigator.clipboard.writeText(withKey(source?.textContent ?? ''));
}

/**
 * Copies text that must be fetched first. Browsers allow copying only at once after a click, so the promise is
 * handed to the clipboard.
 *
 * @param {string} path
 */
const copyFrom = (path) =>
  navigator.clipboard.write([
    new ClipboardItem({
      'text/plain': fetch(path)
        .then((answer) => answer.text())
        .then((text) => new Blob([text], { type: 'text/plain' })),
    }),
  ]);

/** Wraps each placeholder of the key in an element of its own. Request examples insert the key themselves. */
function keySlots() {
  const slots = [];
  for (const text of document.querySelectorAll('.samples:not(.request) .t-s')) {
    const [before, after] = (text.textContent ?? '').split(placeholder);
    if (before === undefined || after === undefined) continue;
    const slot = element('span');
    text.replaceChildren(before, slot, after);
    slots.push(slot);
  }
  return slots;
}

/**
 * A block of code that is not part of the rendered page.
 *
 * @param {string} title
 * @param {string} [code]
 * @param {Language} [language] undefined: plain text
 */
export function codeBlock(title, code = '', language) {
  const shown = element('code');
  showCode(shown, code, language);
  return element(
    'figure',
    { class: 'code' },
    element(
      'figcaption',
      {},
      element('span', {}, title),
      element(
        'button',
        { type: 'button', class: 'copy', 'data-copy': true, 'aria-label': `Copy: ${title}` },
        'Copy',
      ),
    ),
    element('pre', { tabindex: 0, role: 'group', 'aria-label': title }, shown),
  );
}

/**
 * @param {Element} shown
 * @param {string} code
 * @param {Language} [language]
 */
export function showCode(shown, code, language) {
  const tokens = language ? tokensOf(code, language) : [{ kind: '', text: code }];
  shown.replaceChildren(
    ...tokens.map(({ kind, text }) =>
      kind ? element('span', { class: `t-${kind}` }, text) : text,
    ),
  );
}

/**
 * A received body: JSON is indented, other text is left as it is.
 *
 * @param {string} title
 * @param {string} text
 */
export function bodyBlock(title, text) {
  try {
    return codeBlock(title, JSON.stringify(JSON.parse(text), null, 2), 'json');
  } catch {
    return codeBlock(title, text);
  }
}
