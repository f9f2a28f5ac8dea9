import type { Log } from '../log.ts';
import { call } from './call.ts';
import type { Db } from './db.ts';

/** Frees the work of dead processes. A call while the previous one is still running does nothing. */
export function createSweeper(db: Db, log: Log): () => void {
  let running = false;
  return async () => {
    if (running) return;
    running = true;
    try {
      for (const dead of await call(db, 'sweep'))
        log.warn(dead, 'a process died; another will continue its work');
    } catch (err) {
      log.warn({ err }, 'the sweep failed; the next one is a second away');
    } finally {
      running = false;
    }
  };
}
