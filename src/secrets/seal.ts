import { OperatorError } from '../operator_error.ts';
import type { Functions } from '../postgres/api.types.ts';
import { call } from '../postgres/call.ts';
import { type Db, query } from '../postgres/db.ts';
import { openOr, UnknownKey, type Vault } from './vault.ts';
import { newWebhookSecret } from './webhook_secret.ts';

/**
 * Makes sure that a program that is about to seal has the same key as the workers.
 *
 * @throws OperatorError when secrets in the database are sealed with a key that it does not know
 */
export async function requireSameKey(db: Db, vault: Vault): Promise<void> {
  const keys = await db.run(query.selectFrom('admin.api_keys').select('secret_sealed_with'));
  const names = keys.map((key) => key.secret_sealed_with ?? '');
  const unknown = names.filter((keyName) => keyName !== 'nothing yet' && !vault.knows(keyName));
  if (unknown[0]) throw new OperatorError(sentenceOfUnknown([unknown[0], unknown.length]));
}

/** An API key whose secrets are to be sealed anew. */
type Unsealed = {
  row: Functions['unsealed_secrets']['returns'][number];
  newest: string;
  /** Undefined: it cannot be opened, and stays as it is until its grace period ends. */
  previous: string | null | undefined;
};

/**
 * Opens what is not sealed with the first key.
 *
 * @throws OperatorError when a newest secret is sealed with an unknown key
 */
export async function openUnsealed(db: Db, vault: Vault): Promise<Unsealed[]> {
  const rows = await call(db, 'unsealed_secrets', { key_name: vault.keyName });
  const unknown = new Map<string, number>();
  const opened = rows.flatMap((row): Unsealed[] => {
    const { api_key_id: id, webhook_secret: newest, previous_webhook_secret: old } = row;
    if (newest === null) return [{ row, newest: newWebhookSecret(), previous: null }];
    try {
      const previous = old === null ? null : openOr(undefined, () => vault.open(old, id));
      if (previous === undefined && newest.startsWith(`sealed:${vault.keyName}:`)) return [];
      return [{ row, newest: vault.open(newest, id), previous }];
    } catch (error) {
      if (!(error instanceof UnknownKey)) throw error;
      unknown.set(error.keyName, (unknown.get(error.keyName) ?? 0) + 1);
      return [];
    }
  });
  if (unknown.size > 0) throw new OperatorError([...unknown].map(sentenceOfUnknown).join('\n'));
  return opened;
}

/**
 * Makes secrets that are missing, and seals anew those sealed with an older key. Returns the number of API keys affected.
 *
 * @throws OperatorError before it seals any, when one is sealed with an unknown key: SECRETS_KEY is probably
 * wrong, and what it sealed could not be opened with the right one
 */
export async function sealSecrets(db: Db, vault: Vault): Promise<number> {
  const unsealed = await openUnsealed(db, vault);
  for (const { row, newest, previous } of unsealed) {
    const id = row.api_key_id;
    await call(db, 'seal_secrets', {
      ...row,
      sealed_webhook_secret: vault.seal(newest, id),
      sealed_previous_webhook_secret:
        previous === undefined ? row.previous_webhook_secret : previous && vault.seal(previous, id),
    });
  }
  return unsealed.length;
}

const sentenceOfUnknown = ([keyName, count]: [string, number]) =>
  `The webhook secrets of ${count === 1 ? 'an API key are' : `${count} API keys are`} sealed with the key ${keyName}, which is not in SECRETS_KEY: add it after a comma. If it is lost, find them by "vidgen keys list" (secret_sealed_with) and give each a new secret: vidgen keys rotate-secret NAME.`;
