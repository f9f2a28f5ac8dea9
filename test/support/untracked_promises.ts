import { createHook } from 'node:async_hooks';

type Hook = Record<symbol, unknown> & { enable(): unknown };

// node:test follows each promise of the tested program, in order to tell in which test an error that nobody
// caught arose: a tenth of all CPU time. Without that, such an error still fails its file.
const untracked = createHook({ trackPromises: false }) as unknown as Hook;
const hooks: Hook = Object.getPrototypeOf(untracked);
const { enable } = hooks;
hooks.enable = function (this: Hook) {
  for (const option of Object.getOwnPropertySymbols(untracked))
    if (untracked[option] === true) this[option] = true;
  return enable.call(this);
};
