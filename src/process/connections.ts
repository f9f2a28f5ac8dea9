/** The connection that holds the lease and listens. */
const ofLease = 1;
/** A worker's queue: one listens for new tasks, the rest take tasks and end them. */
export const ofQueue = (poolSize: number): number => 1 + Math.min(4, poolSize);

/** How many connections a process uses for files, beside those for its other queries. */
export const ofFiles = (poolSize: number): number => Math.min(3, poolSize);

/** How many connections to PostgreSQL a process opens at most; fewer while it has little to do. */
export function mostConnections({ databasePoolSize }: { databasePoolSize: number }): {
  web: number;
  worker: number;
} {
  const each = databasePoolSize + ofFiles(databasePoolSize) + ofLease;
  return { web: each, worker: each + ofQueue(databasePoolSize) };
}
