import { find } from '../frame/element.js';

/** Marks the current section, filters the list, and opens it on narrow screens. */
export function startSideNav() {
  const side = find('#side');
  const button = find('#side-open');
  /** @type {HTMLInputElement} */
  const filter = find('#filter');
  const links = [...side.querySelectorAll('a')];

  const open = (/** @type {boolean} */ wanted) => {
    side.classList.toggle('is-open', wanted);
    button.setAttribute('aria-expanded', String(wanted));
  };
  button.addEventListener('click', () => open(!side.classList.contains('is-open')));
  side.addEventListener('click', ({ target }) => {
    if (target instanceof Element && target.closest('a')) open(false);
  });

  const narrow = () => {
    const wanted = filter.value.trim().toLowerCase();
    let shown = 0;
    for (const link of links) {
      const text = `${link.dataset.words ?? ''} ${link.textContent}`.toLowerCase();
      const matches = text.includes(wanted);
      /** @type {HTMLElement} */ (link.parentElement).hidden = !matches;
      if (matches) shown += 1;
    }
    for (const group of side.querySelectorAll('[data-group]'))
      if (group instanceof HTMLElement) group.hidden = !group.querySelector('li:not([hidden])');
    find('[data-none]', side).hidden = shown > 0;
  };
  filter.addEventListener('input', narrow);
  filter.addEventListener('keydown', ({ key }) => {
    if (key === 'Enter') links.find((link) => !link.parentElement?.hidden)?.click();
    if (key !== 'Escape' && key !== 'Enter') return;
    filter.value = '';
    narrow();
    filter.blur();
    open(false);
  });
  document.addEventListener('keydown', (event) => {
    const { key, target, ctrlKey, metaKey, altKey } = event;
    if (key !== '/' || ctrlKey || metaKey || altKey) return;
    if (target instanceof Element && target.closest('input, textarea, select')) return;
    event.preventDefault();
    open(true);
    filter.focus();
  });

  // Element.scrollIntoView would also move the starting point of the Tab key.
  const show = (/** @type {HTMLElement} */ link) => {
    const [{ top, bottom }, room] = [link.getBoundingClientRect(), side.getBoundingClientRect()];
    if (top < room.top) side.scrollTop += top - room.top;
    else if (bottom > room.bottom) side.scrollTop += bottom - room.bottom;
  };
  markCurrent(links, (link) => {
    show(link);
    find('#side-current').textContent = link.lastElementChild?.textContent ?? link.textContent;
  });
}

/**
 * Marks the current section: the one that a link led to, and after scrolling the one at the reader's eyes. A short
 * section, or one at the end of the page, may never get there by itself.
 *
 * @param {HTMLAnchorElement[]} links
 * @param {(link: HTMLAnchorElement) => void} onCurrent
 */
function markCurrent(links, onCurrent) {
  const placeOf = (/** @type {string} */ hash) => document.getElementById(hash.slice(1));
  const places = links.flatMap(({ hash }) => placeOf(hash) ?? []);
  /** @type {Set<Element>} */
  const seen = new Set();
  /** @type {Element | undefined} */
  let askedFor;
  const mark = () => {
    const current = askedFor ?? places.findLast((place) => seen.has(place));
    if (!current) return;
    for (const link of links) {
      if (link.hash === `#${current.id}`) {
        link.setAttribute('aria-current', 'true');
        onCurrent(link);
      } else link.removeAttribute('aria-current');
    }
  };
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) seen.add(target);
        else seen.delete(target);
      }
      mark();
    },
    // A line in the upper third of the window.
    { rootMargin: '-25% 0px -74% 0px' },
  );
  for (const place of places) watcher.observe(place);

  const ask = () => {
    askedFor = places.find(({ id }) => `#${id}` === location.hash);
    mark();
  };
  addEventListener('hashchange', ask);
  ask();
  for (const moved of ['wheel', 'touchmove', 'keydown'])
    addEventListener(moved, () => {
      askedFor = undefined;
    });
}
