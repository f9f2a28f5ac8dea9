import type pg from 'pg';

type Release = (broken?: boolean) => void;
type Shared = { client: pg.PoolClient; ask(text: string): Promise<unknown> };
type Callback = (error: Error | undefined, client?: pg.PoolClient, release?: Release) => void;

/**
 * The same pool for a further runner of graphile-worker. Each of them listens for new tasks on a connection of
 * its own, the only one that it asks for with a callback; here they all listen on one.
 */
export function withSharedListener(pool: pg.Pool): () => pg.Pool {
  let shared: Promise<Shared> | undefined;
  let listeners = 0;

  async function open(): Promise<Shared> {
    const client = await pool.connect();
    const lose = () => {
      if (shared === opening) shared = undefined;
    };
    const opening = shared;
    client.once('error', lose).once('end', lose);
    return { client, ask: oneAtATime(client) };
  }

  async function lend(callback: Callback): Promise<void> {
    shared ??= open();
    const lent = shared;
    listeners += 1;
    const opened = await lent.catch((error: Error) => error);
    if (opened instanceof Error) {
      listeners -= 1;
      if (shared === lent) shared = undefined;
      return callback(opened);
    }
    const { client } = opened;
    const isCurrent = () => shared === lent;
    callback(
      undefined,
      listening(opened, () => isCurrent() && listeners > 1),
      () => {
        listeners -= 1;
        if (isCurrent() && listeners > 0) return;
        if (!isCurrent()) return release(client);
        shared = undefined;
        client.release();
      },
    );
  }

  return () =>
    new Proxy(pool, {
      get(target, name) {
        if (name === 'connect')
          return (callback?: Callback) => (callback ? void lend(callback) : target.connect());
        const value = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
}

/** Each listener asks without waiting for the others. */
function oneAtATime(client: pg.PoolClient): Shared['ask'] {
  let before: Promise<unknown> = Promise.resolve();
  return (text) => {
    const answer = before.then(() => client.query(text));
    before = answer.catch(() => {});
    return answer;
  };
}

/** Destroys a connection that was lost, once. */
function release(client: pg.PoolClient): void {
  try {
    client.release(true);
  } catch {
    // Released before by another of its listeners.
  }
}

/** The client for one of its listeners, which must not silence the others when it goes. */
const listening = ({ client, ask }: Shared, isShared: () => boolean): pg.PoolClient =>
  new Proxy(client, {
    get(target, name) {
      if (name === 'query')
        return async (text: string) =>
          /^UNLISTEN/.test(text) && isShared() ? undefined : ask(text);
      const value = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
