import { migrate } from '../src/postgres/migrate.ts';
import type { Command } from './command.ts';
import { openDatabase } from './database.ts';
import { applyRoles } from './roles.ts';

export const migrateCommand: Command = {
  summary: 'bring the database to this version',
  help: `Usage: vidgen migrate

Brings the database (DATABASE_URL, or the embedded one in DATA_DIR) to this version: the queue's schema,
new migrations, all functions. With DATABASE_OWNER_URL, works as that owner and gives the roles their rights, and
the role in DATABASE_URL its password: see "vidgen help roles". Safe to run at any time, and many at once.`,
  options: {},
  requires: ['DATABASE_URL'],
  run: async ({ config }) => {
    const database = await openDatabase(config);
    try {
      const { migrations, routinesReloaded } = await migrate(database.owner, {
        roles: database.embedded,
      });
      for (const name of migrations) console.error(`applied sql/${name}`);
      if (routinesReloaded) console.error('loaded sql/api and sql/admin');
      else console.error('The database is current; there was nothing to do.');
      if (config.databaseOwnerUrl) await applyRoles(config, database);
      return 0;
    } finally {
      await database.close();
    }
  },
};
