import { call } from '../src/postgres/call.ts';
import { query } from '../src/postgres/db.ts';
import { requireSameKey } from '../src/secrets/seal.ts';
import { createApiKey, rotateWebhookSecret } from '../src/secrets/webhook_secret.ts';
import type { Action } from './actions.ts';
import { printJson } from './json_line.ts';

/** The actions that make a key or a secret, which they show only once. */
export const secretKeys: Record<string, Action> = {
  create: {
    words: ['NAME'],
    run: async ({ db, json, words: [name = ''], openVault }) => {
      const vault = await openVault();
      await requireSameKey(db, vault);
      const { id, apiKey, webhookSecret } = await createApiKey(db, vault, name);
      if (json) return printJson({ id, name, apiKey, webhookSecret });
      console.log(
        `API key         ${apiKey}\nWebhook secret  ${webhookSecret}\n\nSave them now: they are not shown again.`,
      );
    },
  },

  rotate: {
    words: ['NAME'],
    run: async ({ db, json, words: [name = ''] }) => {
      const apiKey = await call(db, 'admin.rotate_api_key', { name });
      if (json) return printJson({ name, apiKey });
      console.log(
        `API key  ${apiKey}\n\nSave it now: it is not shown again. The old one is refused.`,
      );
      const keys = query.selectFrom('admin.api_keys').select('deactivated_at');
      if ((await db.first(keys.where('name', '=', name)))?.deactivated_at)
        console.log(`The key stays deactivated until "vidgen keys activate".`);
    },
  },

  'rotate-secret': {
    words: ['NAME'],
    options: ['grace'],
    run: async ({ db, json, words: [name = ''], options: { grace = '24h' }, openVault }) => {
      const rotated = await rotateWebhookSecret(db, await openVault(), name, String(grace));
      if (json) return printJson({ name, ...rotated });
      const { webhookSecret, previousValidUntil: until } = rotated;
      console.log(`Webhook secret  ${webhookSecret}\n\nSave it now: it is not shown again.`);
      console.log(
        until
          ? `The old one signs beside it until ${until.toISOString()}.`
          : 'The old one no longer signs.',
      );
    },
  },
};
