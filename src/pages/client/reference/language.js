const storedAs = 'vidgen.language';

/** @type {Set<() => void>} */
const listeners = new Set();
let current = 'curl';

/** The language of the code on the page, by its name in request_code.ts. */
export const language = () => current;

/**
 * Calls the listener now and whenever the language changes.
 *
 * @param {() => void} listener
 */
export function onLanguage(listener) {
  listeners.add(listener);
  listener();
}

/** Keeps one language for all samples, also across reloads. */
export function startLanguage() {
  const choose = (/** @type {string} */ name) => {
    current = name;
    for (const radio of document.querySelectorAll('.samples input'))
      if (radio instanceof HTMLInputElement && radio.value === name) radio.checked = true;
    for (const listener of listeners) listener();
  };
  try {
    choose(localStorage.getItem(storedAs) ?? current);
  } catch {
    // Without storage, the page always starts with curl.
  }
  document.addEventListener('change', ({ target }) => {
    if (!(target instanceof HTMLInputElement) || !target.closest('.samples')) return;
    choose(target.value);
    try {
      localStorage.setItem(storedAs, target.value);
    } catch {}
  });
}
