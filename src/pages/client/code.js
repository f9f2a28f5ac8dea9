import { element } from './element.js';
import { apiKey, keyAsShown, onKey, withKey } from './key.js';

const placeholder = '$YOUR_API_KEY';
const languageName = 'vidgen.language';

/** Copying, the key in the curl lines, and one choice of language for all samples. */
export function startCode() {
  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element && event.target.closest('[data-copy]');
    if (button instanceof HTMLElement) copy(button);
  });
  // What somebody selects and copies by hand has the key too, not the dots.
  document.addEventListener('copy', (event) => {
    const text = getSelection()?.toString() ?? '';
    if (!event.clipboardData || withKey(text) === text || !/•/.test(text)) return;
    event.clipboardData.setData('text/plain', withKey(text));
    event.preventDefault();
  });
  for (const slot of keySlots()) {
    onKey(() => {
      slot.textContent = apiKey() ? keyAsShown() : placeholder;
    });
  }
  chooseLanguageOnce();
}

/** @param {HTMLElement} button */
async function copy(button) {
  const source = button.closest('.code')?.querySelector('pre') ?? button.previousElementSibling;
  const said = await navigator.clipboard.writeText(withKey(source?.textContent ?? '')).then(
    () => 'Copied',
    () => 'Copy failed',
  );
  button.textContent = said;
  setTimeout(() => {
    button.textContent = 'Copy';
  }, 1_500);
}

/** Wraps each place of the key in the samples into an element of its own. */
function keySlots() {
  const slots = [];
  for (const text of document.querySelectorAll('.samples .t-s')) {
    const [before, after] = (text.textContent ?? '').split(placeholder);
    if (before === undefined || after === undefined) continue;
    const slot = element('span');
    text.replaceChildren(before, slot, after);
    slots.push(slot);
  }
  return slots;
}

function chooseLanguageOnce() {
  const choose = (/** @type {string | null} */ name) => {
    for (const radio of document.querySelectorAll('.samples > input')) {
      if (radio instanceof HTMLInputElement && radio.value === name) radio.checked = true;
    }
  };
  try {
    choose(localStorage.getItem(languageName));
  } catch {}
  document.addEventListener('change', ({ target }) => {
    if (!(target instanceof HTMLInputElement) || !target.matches('.samples > input')) return;
    choose(target.value);
    try {
      localStorage.setItem(languageName, target.value);
    } catch {}
  });
}

/**
 * A block of code that is made here.
 *
 * @param {string} title
 * @param {...(Node | string)} code
 */
export const codeBlock = (title, ...code) =>
  element(
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
    element(
      'pre',
      { tabindex: 0, role: 'group', 'aria-label': title },
      element('code', {}, ...code),
    ),
  );

/**
 * JSON, indented, its strings and numbers marked; any other text as it is.
 *
 * @param {string} text
 * @returns {(Node | string)[]}
 */
export function prettyJson(text) {
  let pretty;
  try {
    pretty = JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return [text];
  }
  const parts = pretty.split(/("(?:\\.|[^"\\])*"|-?\b\d[\d.eE+-]*\b|\b(?:true|false|null)\b)/);
  return parts.map((part, index) => {
    if (index % 2 === 0) return part;
    return element('span', { class: kindOf(part, parts[index + 1]) }, part);
  });
}

/**
 * @param {string} token
 * @param {string | undefined} next what stands behind it
 */
function kindOf(token, next) {
  if (token.startsWith('"')) return next?.startsWith(':') ? 't-p' : 't-s';
  return /\d/.test(token) ? 't-n' : 't-k';
}
