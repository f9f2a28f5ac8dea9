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

/** Reads the page again and changes what has changed, so that nothing flickers, loses the focus or closes. */
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
 * A status that does not change is not said again.
 *
 * @param {string} words
 * @param {boolean} isLate
 */
function say(words, isLate) {
  if (said.textContent !== words) said.textContent = words;
  live.classList.toggle('late', isLate);
}

/** One after the other; nobody looks at a hidden page. */
async function keepUp() {
  if (!document.hidden) await refresh();
  setTimeout(keepUp, everyMs);
}
if (everyMs > 0) {
  setTimeout(keepUp, everyMs);
  document.addEventListener('visibilitychange', () => document.hidden || refresh());
}
