import { createHook } from 'node:async_hooks';

// node:test follows each promise of the tested program, in order to tell in which test an error that nobody
// caught arose: a tenth of all CPU time. Without that, such an error still fails its file.
const untracked = createHook({ trackPromises: false });
const hooks: { enable(): unknown } = Object.getPrototypeOf(untracked);
const { enable } = hooks;
hooks.enable = function (this: Record<symbol, unknown>) {
  for (const key of Object.getOwnPropertySymbols(untracked) as (keyof typeof untracked)[])
    if (untracked[key] === (true as unknown)) this[key as unknown as symbol] = true;
  return enable.call(this);
};
