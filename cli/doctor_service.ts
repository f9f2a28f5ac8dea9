import { sql } from 'kysely';
import type { Config } from '../src/config.ts';
import { call } from '../src/postgres/call.ts';
import type { Db } from '../src/postgres/db.ts';
import { openUnsealed } from '../src/secrets/seal.ts';
import { createVault } from '../src/secrets/vault.ts';
import { type Check, warning } from '../worker/machine/check.ts';
import type { Database } from './database.ts';
import { secretsKeysOf } from './secrets_key.ts';

/** What the database knows of the processes and what they share. */
export const serviceChecks = (config: Config, database: Database, db: Db): Check[] => [
  {
    about: 'Clock',
    remedy: 'Synchronize the clocks of both machines with NTP.',
    look: async () => {
      const before = Date.now();
      const row = await db.first(sql<{ now: Date }>`select clock_timestamp() as now`);
      const middle = (before + Date.now()) / 2;
      const apart = Math.abs((row?.now.getTime() ?? 0) - middle) / 1_000;
      if (apart < 5) return 'as that of PostgreSQL';
      return warning(
        `${apart.toFixed(0)} s apart from that of PostgreSQL`,
        'Receivers refuse webhooks that are five minutes old or more: synchronize both clocks with NTP.',
      );
    },
  },
  {
    about: 'Secrets',
    remedy:
      'Set SECRETS_KEY to the value that the processes use; append an older key after a comma.',
    look: async () => {
      const vault = createVault(await secretsKeysOf(config, database));
      const may = sql<{ readsThem: boolean }>`
        select has_function_privilege('api.unsealed_secrets(text)', 'execute') as "readsThem"`;
      if (!(await db.first(may))?.readsThem)
        return 'only workers read them: this role of DATABASE_URL may not';
      const unsealed = await openUnsealed(db, vault);
      if (unsealed.length === 0) return `all sealed with the key ${vault.keyName}`;
      return warning(
        `${unsealed.length} missing, or not sealed with the key ${vault.keyName} yet`,
        'A worker seals them when it starts: check that one runs with this SECRETS_KEY.',
      );
    },
  },
  {
    about: 'Workers',
    remedy: '',
    look: async () => {
      const { alive, is_paused, resting } = await call(db, 'count_workers');
      if (is_paused) return warning('rendering is paused', 'Run "vidgen jobs resume" to go on.');
      if (alive === 0)
        return warning('none runs just now', 'Jobs wait for "vidgen worker" or "vidgen start".');
      if (resting > 0)
        return warning(
          `${alive} running, ${resting} of them rest: their machine cannot render`,
          'Run "vidgen doctor" on that machine: admin.workers names it.',
        );
      return `${alive} running`;
    },
  },
];
