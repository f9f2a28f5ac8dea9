import { address } from '../api/request.js';
import { find } from '../frame/element.js';

const words = {
  up: 'All systems operational',
  degraded: 'Service not ready',
  down: 'Service unreachable',
  offline: 'Connection lost. Reconnecting…',
};
/** While the page has the focus, and while it is only open. */
const everyMs = { watched: 2_000, open: 30_000 };
const tickMs = 500;
const timeoutMs = 5_000;

/** Keeps the pill up to date: health tells whether the process is up, readiness whether it can work. */
export function startPill() {
  const pill = find('#pill');
  let lookedAt = 0;
  /** @type {ReturnType<typeof stateOfService> | undefined} */
  let underWay;
  const look = async () => {
    lookedAt = Date.now();
    const mine = stateOfService();
    underWay = mine;
    const state = await mine;
    // A newer check has started.
    if (mine !== underWay) return;
    underWay = undefined;
    if (pill.dataset.state === state) return;
    pill.dataset.state = state;
    find('#pill-text').textContent = words[state];
  };
  setInterval(() => {
    const every = document.hasFocus() ? everyMs.watched : everyMs.open;
    if (!underWay && !document.hidden && Date.now() - lookedAt >= every) look();
  }, tickMs);
  document.addEventListener('visibilitychange', () => document.hidden || look());
  for (const name of ['online', 'offline']) addEventListener(name, look);
  look();
}

async function stateOfService() {
  if (navigator.onLine) {
    if (await answers('/api/ready')) return 'up';
    if (await answers('/api/health')) return 'degraded';
  }
  return navigator.onLine ? 'down' : 'offline';
}

const answers = (/** @type {string} */ path) =>
  fetch(address(path), { signal: AbortSignal.timeout(timeoutMs) }).then(
    // The rate limit says nothing about the state of the service.
    (response) => response.ok || response.status === 429,
    () => false,
  );
