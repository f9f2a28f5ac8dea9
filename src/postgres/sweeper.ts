import { sql } from 'kysely';
import type { Log } from '../log.ts';
import type { Db } from './db.ts';

type Dead = { process_id: number; kind: string; host: string; pid: number; freed: number };

/** Frees the work of processes that died; a call while the one before still runs does nothing. */
export function createSweeper(db: Db, log: Log): () => void {
  let running = false;
  return async () => {
    if (running) return;
    running = true;
    try {
      for (const dead of await db.run(sql<Dead>`select * from api.sweep()`))
        log.warn(dead, 'a process died; what it was at goes on elsewhere');
    } catch (err) {
      log.warn({ err }, 'the sweep failed; the next one is a second away');
    } finally {
      running = false;
    }
  };
}
