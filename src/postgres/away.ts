import { toApiError } from '../errors.ts';

/** As the two drivers and the queue's library put it when they give no code. */
const lostWords =
  /Connection terminated|encountered a connection error|timeout e(xpired|xceeded)|ECONNREFUSED|is (starting up|shutting down)/;

/** Whether PostgreSQL cannot be reached, or has no connection left: it may well work again in a moment. */
export function isAway(error: unknown): boolean {
  const { message = '' } = (error ?? {}) as { message?: string };
  return toApiError(error).code === 'database_unavailable' || lostWords.test(message);
}
