/** A job at one moment; `body` is the JSON of its status. */
export type Snapshot = { status: string; updatedAt: string; body: string };

export type Watch = {
  /**
   * The job as soon as it differs from the last snapshot that was taken; undefined when the time is up, the
   * signal aborts or the watch has ended.
   */
  next(timeoutMs: number, signal?: AbortSignal): Promise<Snapshot | undefined>;
  /** True when nothing more will come: the service stops, or the job is gone. */
  readonly ended: boolean;
  close(): void;
};

export type Watcher = Watch & { offer(snapshot: Snapshot): void; end(): void };

/** The snapshot in a status response. */
export function snapshotOf(body: string): Snapshot {
  const { status, updatedAt } = JSON.parse(body) as { status: string; updatedAt: string };
  return { status, updatedAt, body };
}

/** A watch with its receiving side; `close` is called when the last watcher has left. */
export function createWatcher(first: Snapshot, close: () => void): Watcher {
  let latest = first;
  let taken = first;
  let ended = false;
  let wake = () => {};
  return {
    close,
    get ended() {
      return ended;
    },
    end() {
      ended = true;
      wake();
    },
    offer(snapshot) {
      // The first snapshot may be newer than a read that started before it.
      if (snapshot.updatedAt < latest.updatedAt || snapshot.body === latest.body) return;
      latest = snapshot;
      wake();
    },
    async next(timeoutMs, signal) {
      if (latest === taken && !ended && !signal?.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        const timer = setTimeout(resolve, timeoutMs);
        const aborted = () => resolve();
        signal?.addEventListener('abort', aborted);
        await promise;
        clearTimeout(timer);
        signal?.removeEventListener('abort', aborted);
      }
      if (latest === taken) return undefined;
      taken = latest;
      return taken;
    },
  };
}
