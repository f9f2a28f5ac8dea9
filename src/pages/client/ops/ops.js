import { find } from '../frame/element.js';
import { patch } from './patch.js';

document.addEventListener('click', async ({ target }) => {
  const button = target instanceof Element && target.closest('[data-copy]');
  if (!button) return;
  const sql = button.previousElementSibling?.textContent ?? '';
  button.textContent = await navigator.clipboard.writeText(sql).then(
    () => 'Copied',
    () => "Couldn't copy",
  );
  setTimeout(() => {
    button.textContent = 'Copy';
  }, 2_000);
});

const live = find('#live');
const said = find('[data-said]');
const everyMs = Number(live.dataset.every ?? 0) * 1_000;

/** Fetches the page again and patches only the differences, so that nothing flickers, closes or loses focus. */
async function refresh() {
  try {
    const answer = await fetch(location.href, { cache: 'no-store' });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    patch(find('main'), find('main', page));
    patch(find('time', live), find('time', page));
    say('live', false);
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    say(`not live since ${find('time', live).textContent} (${message})`, true);
  }
}

/**
 * Announces a status only when it changes.
 *
 * @param {string} words
 * @param {boolean} isLate
 */
function say(words, isLate) {
  if (said.textContent !== words) said.textContent = words;
  live.classList.toggle('late', isLate);
}

/** Refreshes one after the other, and not at all while the page is hidden. */
async function keepUp() {
  if (!document.hidden) await refresh();
  setTimeout(keepUp, everyMs);
}
if (everyMs > 0) {
  setTimeout(keepUp, everyMs);
  document.addEventListener('visibilitychange', () => document.hidden || refresh());
}
