import { randomBytes } from 'node:crypto';
import { call } from '../postgres/call.ts';
import { type Db, query } from '../postgres/db.ts';
import type { Vault } from './vault.ts';

/** As it is shown to its owner: Standard Webhooks prescribes the form. */
export const newWebhookSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

/** Creates an API key whose webhook secret reaches the database only sealed. */
export async function createApiKey(
  db: Db,
  vault: Vault,
  name: string,
): Promise<{ id: string; apiKey: string; webhookSecret: string }> {
  const id = await call(db, 'admin.new_api_key_id');
  const webhookSecret = newWebhookSecret();
  const sealed = vault.seal(webhookSecret, id);
  const { api_key: apiKey } = await call(db, 'admin.create_api_key', {
    name,
    sealed_secret: sealed,
    sealed_for: id,
  });
  return { id, apiKey, webhookSecret };
}

/**
 * Gives an API key a new webhook secret.
 *
 * @param grace how long the old one also signs, as PostgreSQL writes an interval
 */
export async function rotateWebhookSecret(
  db: Db,
  vault: Vault,
  name: string,
  grace: string,
): Promise<{ webhookSecret: string; previousValidUntil: Date | null }> {
  const key = await db.first(
    query.selectFrom('admin.api_keys').select('id').where('name', '=', name),
  );
  const webhookSecret = newWebhookSecret();
  // Without a key of this name, the function says so.
  const rotated = await call(db, 'admin.rotate_webhook_secret', {
    name,
    sealed_secret: vault.seal(webhookSecret, key?.id ?? ''),
    grace,
  });
  return { webhookSecret, previousValidUntil: rotated.previous_valid_until };
}
