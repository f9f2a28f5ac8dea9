import { call } from '../src/postgres/call.ts';
import type { Action } from './actions.ts';
import { printJson } from './json_line.ts';

/** Prints what was done, in either form. */
const tell = (json: boolean, row: object, sentence: string): void =>
  json ? printJson(row) : console.log(sentence);

export const changingJobs: Record<string, Action> = {
  cancel: {
    words: ['ID'],
    options: ['force'],
    run: async ({ db, json, words: [id = ''], options: { force } }) => {
      await call(db, 'admin.cancel_job', { job_id: id, force: force === true });
      tell(json, { id, status: 'CANCELLED' }, `Job ${id} is CANCELLED, and its key is free.`);
    },
  },

  fail: {
    words: ['ID'],
    options: ['reason'],
    run: async ({ db, json, words: [id = ''], options: { reason } }) => {
      await call(db, 'admin.fail_job', { job_id: id, reason: String(reason) });
      tell(json, { id, status: 'FAILED' }, `Job ${id} is FAILED, and its key is free.`);
    },
  },

  purge: {
    words: ['ID'],
    run: async ({ db, json, words: [id = ''] }) => {
      await call(db, 'admin.purge_job', { job_id: id });
      tell(json, { id, purged: true }, `Job ${id} is gone, with its files and deliveries.`);
    },
  },

  pause: {
    run: async ({ db, json }) => {
      await call(db, 'admin.pause_queue');
      tell(json, { paused: true }, 'No job starts until "vidgen jobs resume".');
    },
  },

  resume: {
    run: async ({ db, json }) => {
      const waiting = await call(db, 'admin.resume_queue');
      tell(json, { paused: false, waiting }, `Jobs start again; ${waiting} were waiting.`);
    },
  },
};
