import pg from 'pg';

/** No statement of ours takes longer than this unless its connection has gone silent. */
export const answerWithinMs = 4_000;

/**
 * A client that ends its connection when a query gets no answer. The driver's own time-out only tells the
 * caller, so a pool would hand out the silent connection again and again.
 */
export class ImpatientClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    const ask = this.query.bind(this) as (...call: unknown[]) => unknown;
    this.query = ((...call: unknown[]) => {
      const timer = setTimeout(() => this.connection.stream.destroy(), answerWithinMs);
      const settled = () => clearTimeout(timer);
      // The pool's own query passes a callback; all others await.
      const callback = call.at(-1);
      if (typeof callback !== 'function') {
        const answer = ask(...call) as Promise<unknown>;
        answer.then(settled, settled);
        return answer;
      }
      return ask(...call.slice(0, -1), (...result: unknown[]) => {
        settled();
        callback(...result);
      });
    }) as pg.Client['query'];
  }
}

/** Shared settings of all `pg` connections: none of them may ever hang. */
export const impatient = {
  connectionTimeoutMillis: answerWithinMs,
  // Notices a vanished peer while no query is running.
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
};
