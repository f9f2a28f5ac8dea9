import { call } from '../src/postgres/call.ts';
import { query } from '../src/postgres/db.ts';
import type { Action } from './actions.ts';
import { UsageError } from './command.ts';
import { printJson } from './json_line.ts';
import { limitOptions, limitsIn, limitsText, setLimits } from './key_limits.ts';
import { table } from './table.ts';

export const changingKeys: Record<string, Action> = {
  list: {
    run: async ({ db, json }) => {
      const rows = await db.run(query.selectFrom('admin.api_keys').selectAll());
      if (json) for (const row of rows) printJson(row);
      else console.log(rows.length > 0 ? table(rows) : 'There are no API keys.');
    },
  },

  deactivate: {
    words: ['NAME'],
    run: async ({ db, json, words: [name = ''] }) => {
      await call(db, 'admin.deactivate_api_key', { name });
      if (json) return printJson({ name, active: false });
      console.log(`The API key "${name}" is refused from now on.`);
    },
  },

  activate: {
    words: ['NAME'],
    run: async ({ db, json, words: [name = ''] }) => {
      await call(db, 'admin.activate_api_key', { name });
      if (json) return printJson({ name, active: true });
      console.log(`The API key "${name}" is accepted.`);
    },
  },

  limits: {
    words: ['NAME'],
    options: Object.keys(limitOptions),
    run: async ({ db, json, words: [name = ''], options }) => {
      const limits = await setLimits(db, name, limitsIn(options));
      if (json) return printJson({ name, ...limits });
      console.log(limitsText(limits));
    },
  },

  rename: {
    words: ['NAME', 'NEW'],
    run: async ({ db, json, words: [name = '', newName = ''] }) => {
      await call(db, 'admin.rename_key', { name, new_name: newName });
      if (json) return printJson({ name: newName, formerName: name });
      console.log(`The API key "${name}" is now called "${newName}".`);
    },
  },

  purge: {
    words: ['NAME'],
    options: ['jobs'],
    run: async ({ db, json, words: [name = ''], options: { jobs } }) => {
      if (jobs !== undefined && !/^\d{1,15}$/.test(String(jobs)))
        throw new UsageError('--jobs must be the number of jobs that "vidgen keys purge" counted.');
      const confirmed = jobs === undefined ? null : Number(jobs);
      const had = await call(db, 'admin.purge_key', { name, confirm_jobs: confirmed });
      if (!had) return;
      if (json) return printJson({ name, ...had });
      const all = `${had.jobs} jobs, ${had.files} files of ${had.bytes} bytes and ${had.webhooks} webhooks`;
      console.log(
        had.purged
          ? `The API key "${name}" is gone, with ${all}.`
          : `The API key "${name}" has ${all}. To delete all of it for good, add --jobs ${had.jobs}.`,
      );
    },
  },
};
