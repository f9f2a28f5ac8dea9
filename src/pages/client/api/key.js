import { find } from '../frame/element.js';

const name = 'vidgen.apiKey';

/** @type {Set<() => void>} */
const listeners = new Set();
let current = '';
let shown = false;

/** The API key, or '' when there is none. */
export const apiKey = () => current;

/** The key as code on the page shows it: with dots while the input hides it. */
export const keyAsShown = () =>
  shown
    ? current
    : `${current.slice(0, 6)}${'•'.repeat(Math.max(0, Math.min(current.length - 6, 12)))}`;

/**
 * Replaces the dots with the key, for text that is copied.
 *
 * @param {string} text
 */
export const withKey = (text) => (current ? text.replaceAll(keyAsShown(), current) : text);

/**
 * Calls the listener now and whenever the key or its visibility changes.
 *
 * @param {() => void} listener
 */
export function onKey(listener) {
  listeners.add(listener);
  listener();
}

/** Handles the input for the key, which is kept in this browser only. */
export function startKeyBox() {
  /** @type {HTMLInputElement} */
  const box = find('#key');
  const show = find('#key-show');
  const changed = () => {
    for (const listener of listeners) listener();
  };

  const take = (/** @type {string} */ value) => {
    current = value.trim();
    try {
      if (current) localStorage.setItem(name, current);
      else localStorage.removeItem(name);
    } catch {
      // Without storage, the key is kept as long as the page is open.
    }
    changed();
  };
  box.addEventListener('input', () => take(box.value));
  show.addEventListener('click', () => {
    shown = !shown;
    box.type = shown ? 'text' : 'password';
    show.textContent = shown ? 'Hide' : 'Show';
    show.setAttribute('aria-pressed', String(shown));
    changed();
  });
  find('#key-clear').addEventListener('click', () => {
    box.value = '';
    take('');
    box.focus();
  });
  const read = () => {
    try {
      current = localStorage.getItem(name) ?? '';
    } catch {
      current = '';
    }
    box.value = current;
    changed();
  };
  // Another tab may have changed it.
  addEventListener('storage', (event) => event.key === name && read());
  read();
  takeFromLink().then((key) => {
    if (!key) return;
    box.value = key;
    take(key);
  });
}

/** Exchanges the token in the link that the service printed at its start for the key; it works once. */
async function takeFromLink() {
  const token = /^#start=([\w-]+)$/.exec(location.hash)?.[1];
  if (!token) return undefined;
  history.replaceState(null, '', location.pathname + location.search);
  const url = new URL('start-key', document.baseURI);
  const response = await fetch(url, { method: 'POST', headers: { 'X-Start-Token': token } }).catch(
    () => undefined,
  );
  return response?.ok ? /** @type {string} */ ((await response.json()).apiKey) : undefined;
}
