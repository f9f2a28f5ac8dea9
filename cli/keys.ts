import { call } from '../src/postgres/call.ts';
import { type Db, query } from '../src/postgres/db.ts';
import { createVault, sealSecrets } from '../src/secrets.ts';
import { type Command, named, UsageError, unknownWord } from './command.ts';
import { limitOptions, limitsIn, limitsText, setLimits } from './key_limits.ts';
import { operate } from './operate.ts';
import { secretsKeysOf } from './secrets_key.ts';
import { table } from './table.ts';

const help = `Usage: vidgen keys create NAME [--json]
       vidgen keys list [--json]
       vidgen keys rotate NAME [--json]
       vidgen keys rotate-secret NAME [--grace 24h] [--json]
       vidgen keys deactivate NAME [--json]
       vidgen keys activate NAME [--json]
       vidgen keys limits NAME [--stored-bytes N] [--file-mb N] [--audio-minutes N] [--json]

create         Makes an API key. Shows the key and its webhook secret, only this once.
list           Lists the keys, without secrets.
rotate         Gives a key a new value, shown only this once. The old value stops working at once; jobs continue.
rotate-secret  Makes a new webhook secret for a key, shown only this once. It signs from now on; until the grace
               period ends, webhook-signature also carries a signature by the old one. X-Webhook-Signature uses
               the new one at once. Rotating again within the grace period ends it for the older secret.
deactivate     Refuses requests with the key from now on; jobs continue and their webhooks are sent.
activate       Accepts a deactivated key again.
limits         Sets what is given, from the key's next request on, and shows all three limits.

--grace  How long the old secret stays valid: 90s, 30m, 24h (the default) or 7d; 0s for not at all.
--stored-bytes, --file-mb, --audio-minutes
         A number for this key alone, or "service" for the limit of the service.
--json   One line of JSON.`;

type Asked = {
  name: string;
  json: boolean;
  grace: string;
  limits: ReturnType<typeof limitsIn>;
};
type Action = (db: Db, o: Asked) => Promise<void>;

const actions: Record<string, Action> = {
  create: async (db, { name, json }) => {
    const created = await call(db, 'admin.create_api_key', { name });
    const { id, api_key: apiKey, webhook_secret: webhookSecret } = created;
    if (json) return console.log(JSON.stringify({ id, name, apiKey, webhookSecret }));
    console.log(
      `API key         ${apiKey}\nWebhook secret  ${webhookSecret}\n\nSave them now: they are not shown again.`,
    );
  },

  list: async (db, { json }) => {
    const rows = await db.run(query.selectFrom('admin.api_keys').selectAll());
    if (json) console.log(JSON.stringify(rows));
    else console.log(rows.length > 0 ? table(rows) : 'There are no API keys.');
  },

  rotate: async (db, { name, json }) => {
    const apiKey = await call(db, 'admin.rotate_api_key', { name });
    if (json) return console.log(JSON.stringify({ name, apiKey }));
    console.log(
      `API key  ${apiKey}\n\nSave it now: it is not shown again. The old one is refused.`,
    );
    const keys = query.selectFrom('admin.api_keys').select('deactivated_at');
    if ((await db.first(keys.where('name', '=', name)))?.deactivated_at)
      console.log(`The key stays deactivated until "vidgen keys activate".`);
  },

  deactivate: async (db, { name, json }) => {
    await call(db, 'admin.deactivate_api_key', { name });
    if (json) return console.log(JSON.stringify({ name, active: false }));
    console.log(`The API key "${name}" is refused from now on.`);
  },

  activate: async (db, { name, json }) => {
    await call(db, 'admin.activate_api_key', { name });
    if (json) return console.log(JSON.stringify({ name, active: true }));
    console.log(`The API key "${name}" is accepted.`);
  },

  limits: async (db, { name, json, limits: given }) => {
    const limits = await setLimits(db, name, given);
    console.log(json ? JSON.stringify({ name, ...limits }) : limitsText(limits));
  },

  'rotate-secret': async (db, { name, json, grace }) => {
    const rotated = await call(db, 'admin.rotate_webhook_secret', { name, grace });
    const { webhook_secret: webhookSecret, previous_valid_until: until } = rotated;
    if (json)
      return console.log(JSON.stringify({ name, webhookSecret, previousValidUntil: until }));
    console.log(`Webhook secret  ${webhookSecret}\n\nSave it now: it is not shown again.`);
    console.log(
      until
        ? `The old one signs beside it until ${until.toISOString()}.`
        : 'The old one no longer signs.',
    );
  },
};

export const keys: Command = {
  summary: 'create, list, rotate, deactivate and limit API keys and their webhook secrets',
  help,
  options: {
    json: { type: 'boolean' },
    grace: { type: 'string', default: '24h' },
    ...limitOptions,
  },
  words: 2,
  run: async ({ config, positionals: [word = '', name = ''], options }) => {
    const { json, grace } = options;
    const action = named(actions, word);
    if (!action) throw new UsageError(unknownWord('keys', word, help));
    if ((word !== 'list') !== (name !== '')) throw new UsageError(help);
    if (!/^\d{1,6}[smhd]$/.test(String(grace)))
      throw new UsageError(`--grace must be like 90s, 30m, 24h or 7d.\n\n${help}`);
    const limits = limitsIn(options);
    return operate(config, async (db, database) => {
      await action(db, { name, json: json === true, grace: String(grace), limits });
      // A worker seals new secrets, but on a developer's machine none may be running.
      if (database.embedded)
        await sealSecrets(db, createVault(await secretsKeysOf(config, database)));
    });
  },
};
