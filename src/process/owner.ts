/**
 * Calls `callback` once when the process that started this one is gone, even after SIGKILL. setup.mjs opens
 * an IPC channel to what it runs; without one (a container, a Procfile) this does nothing. The channel never
 * keeps the process alive.
 */
export function onOwnerGone(callback: () => void): void {
  if (!process.channel) return;
  process.once('disconnect', callback);
  process.channel.unref();
}
