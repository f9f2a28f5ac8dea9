const storedAs = 'vidgen.language';

/** @type {Set<() => void>} */
const listeners = new Set();
let current = 'curl';

/** The language that code on the page is written in: curl, node, python, php or go. */
export const language = () => current;

/**
 * Calls back now and whenever another language is chosen.
 *
 * @param {() => void} listener
 */
export function onLanguage(listener) {
  listeners.add(listener);
  listener();
}

/** One choice of language for all samples; it outlives a reload. */
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
    // A browser that forbids storage begins with curl each time.
  }
  document.addEventListener('change', ({ target }) => {
    if (!(target instanceof HTMLInputElement) || !target.closest('.samples')) return;
    choose(target.value);
    try {
      localStorage.setItem(storedAs, target.value);
    } catch {}
  });
}
