import { sql } from 'kysely';
import { openDb, query } from '../src/db.ts';
import { migrate } from '../src/migrate.ts';
import { type Command, UsageError } from './command.ts';
import { openDatabase } from './database.ts';

type Created = { id: string; api_key: string; webhook_secret: string };

const help = `Usage: vidgen keys create NAME [--json]
       vidgen keys list [--json]

create  Makes an API key. The key and its webhook secret are shown this once: keep them.
list    Shows the keys, without anything secret.

--json  One line of JSON.`;

export const keys: Command = {
  summary: 'create and list API keys',
  help,
  options: { json: { type: 'boolean' } },
  run: async ({ config, positionals: [action, name], options: { json } }) => {
    if (action !== 'list' && !(action === 'create' && name)) throw new UsageError(help);
    const database = await openDatabase(config);
    const db = openDb(database.url, { max: 1 });
    try {
      // On the embedded database nobody has run a release step.
      if (database.embedded) await migrate(database.url);
      if (action === 'list') {
        const rows = await db.run(query.selectFrom('admin.api_keys').selectAll());
        if (json) console.log(JSON.stringify(rows));
        else console.table(rows);
        return 0;
      }
      const created = await db.first(sql<Created>`select * from admin.create_api_key(${name})`);
      if (!created) throw new Error('admin.create_api_key returned no row');
      const { id, api_key: apiKey, webhook_secret: webhookSecret } = created;
      if (json) console.log(JSON.stringify({ id, name, apiKey, webhookSecret }));
      else
        console.log(
          `API key         ${apiKey}\nWebhook secret  ${webhookSecret}\n\nThey are not shown again.`,
        );
      return 0;
    } finally {
      await db.close();
      await database.close();
    }
  },
};
