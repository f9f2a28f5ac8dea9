/** Who waits for which job. Messages carry an id only: a waiter reads the state itself. */
export function createJobChanges() {
  const waiters = new Map<string, Set<() => void>>();
  return {
    /** Calls back at each change of a job, and whenever changes may have been missed. */
    subscribe(jobId: string, onChange: () => void): () => void {
      const set = waiters.get(jobId) ?? new Set();
      waiters.set(jobId, set.add(onChange));
      return () => {
        set.delete(onChange);
        if (set.size === 0 && waiters.get(jobId) === set) waiters.delete(jobId);
      };
    },
    changed(jobId: string): void {
      for (const onChange of waiters.get(jobId) ?? []) onChange();
    },
    /** The listening connection was away: everyone must look again. */
    missed(): void {
      for (const set of waiters.values()) for (const onChange of set) onChange();
    },
    get size(): number {
      return waiters.size;
    },
  };
}

export type JobChanges = ReturnType<typeof createJobChanges>;
