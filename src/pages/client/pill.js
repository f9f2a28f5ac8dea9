import { find } from './element.js';
import { address } from './request.js';

const words = {
  up: 'All systems operational',
  degraded: 'Service not ready',
  down: 'Service unreachable',
  offline: 'Connection lost. Reconnecting…',
};
const everyMs = 30_000;

/** Keeps the pill in the bar true: health says whether the process lives, readiness whether it can work. */
export function startPill() {
  const pill = find('#pill');
  const look = async () => {
    const state = await stateOfService();
    if (pill.dataset.state === state) return;
    pill.dataset.state = state;
    find('#pill-text').textContent = words[state];
  };
  setInterval(() => document.hidden || look(), everyMs);
  document.addEventListener('visibilitychange', () => document.hidden || look());
  for (const name of ['online', 'offline']) addEventListener(name, look);
  look();
}

async function stateOfService() {
  if (!navigator.onLine) return 'offline';
  const [health, ready] = await Promise.all([answers('/api/health'), answers('/api/ready')]);
  if (!health) return 'down';
  return ready ? 'up' : 'degraded';
}

const answers = (/** @type {string} */ path) =>
  fetch(address(path), { signal: AbortSignal.timeout(8_000) }).then(
    // Too many requests of ours say nothing about the service.
    (response) => response.ok || response.status === 429,
    () => false,
  );
