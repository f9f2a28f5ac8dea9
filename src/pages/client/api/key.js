import { find } from '../frame/element.js';

const name = 'vidgen.apiKey';

/** @type {Set<() => void>} */
const listeners = new Set();
let current = '';
let shown = false;

/** The API key, or '' when there is none. */
export const apiKey = () => current;

/** How the key is written in code on the page: dots while the box hides it. */
export const keyAsShown = () =>
  shown
    ? current
    : `${current.slice(0, 6)}${'•'.repeat(Math.max(0, Math.min(current.length - 6, 12)))}`;

/**
 * Puts the key itself where the page shows dots: for what is copied.
 *
 * @param {string} text
 */
export const withKey = (text) => (current ? text.replaceAll(keyAsShown(), current) : text);

/**
 * Calls back now and whenever the key or its visibility changes.
 *
 * @param {() => void} listener
 */
export function onKey(listener) {
  listeners.add(listener);
  listener();
}

/** The box in which the key is pasted. It outlives a reload, in this browser only. */
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
      // A browser that forbids storage keeps the key for as long as the page is open.
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
  // Another tab may have set or cleared it.
  addEventListener('storage', (event) => event.key === name && read());
  read();
  takeFromLink().then((key) => {
    if (!key) return;
    box.value = key;
    take(key);
  });
}

/** The key behind the link that the service printed when it started: it gives it away once. */
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
