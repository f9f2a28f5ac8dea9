import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from './operator_error.ts';
import type { Functions } from './postgres/api.types.ts';
import { call } from './postgres/call.ts';
import { type Db, query } from './postgres/db.ts';

/** Secrets at rest: AES-256-GCM with the first of the keys of SECRETS_KEY; all of them open. */
export type Vault = {
  /**
   * Names the key that seals. The name is part of every sealed secret, and is no help in guessing the key.
   */
  keyName: string;
  /** Whether it opens what the key of this name has sealed. */
  knows(keyName: string): boolean;
  seal(secret: string, apiKeyId: string): string;
  /** Throws a sentence when none of the keys fits. */
  open(stored: string, apiKeyId: string): string;
};

const nonceBytes = 12;
const tagBytes = 16;

/** A secret is sealed with a key that SECRETS_KEY does not have. */
export class UnknownKey extends Error {
  readonly keyName: string;

  constructor(keyName: string) {
    super(
      `A webhook secret is sealed with the key ${keyName}, which is not in SECRETS_KEY: add it after a comma.`,
    );
    this.keyName = keyName;
  }
}

/** @param keys 32 bytes each; the first one seals */
export function createVault(keys: Buffer[]): Vault {
  const named = new Map(keys.map((key) => [nameOf(key), key]));
  const [first] = named;
  if (!first) throw new Error('SECRETS_KEY is not set, so webhook secrets cannot be sealed.');
  const [keyName, sealer] = first;
  return {
    keyName,
    knows: (name) => named.has(name),
    seal: (secret, apiKeyId) => {
      const nonce = randomBytes(nonceBytes);
      // The API key's id is authenticated too, so a sealed secret is valid only in its own row.
      const cipher = createCipheriv('aes-256-gcm', sealer, nonce).setAAD(Buffer.from(apiKeyId));
      const sealed = [nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()];
      return `sealed:${keyName}:${Buffer.concat(sealed).toString('base64url')}`;
    },
    open: (stored, apiKeyId) => {
      const [, name = '', text = ''] = stored.split(':');
      const key = named.get(name);
      if (!key) throw new UnknownKey(name);
      const bytes = Buffer.from(text, 'base64url');
      const opener = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes))
        .setAAD(Buffer.from(apiKeyId))
        .setAuthTag(bytes.subarray(-tagBytes));
      return (
        opener.update(bytes.subarray(nonceBytes, -tagBytes), undefined, 'utf8') +
        opener.final('utf8')
      );
    },
  };
}

const nameOf = (key: Buffer): string => createHash('sha256').update(key).digest('hex').slice(0, 8);

/** As it is shown to its owner: Standard Webhooks prescribes the form. */
const newWebhookSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

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

const sentenceOfUnknown = ([keyName, count]: [string, number]) =>
  `The webhook secrets of ${count === 1 ? 'an API key are' : `${count} API keys are`} sealed with the key ${keyName}, which is not in SECRETS_KEY: add it after a comma. If it is lost, find them by "vidgen keys list" (secret_sealed_with) and give each a new secret: vidgen keys rotate-secret NAME.`;

function openOr<Other>(other: Other, open: () => string): string | Other {
  try {
    return open();
  } catch {
    return other;
  }
}

/**
 * The secrets that sign a webhook: the newest, and the one before it where that opens.
 *
 * @param stored newest first
 * @throws when the newest does not open
 */
export const openSigners = (vault: Vault, stored: string[], apiKeyId: string): string[] =>
  stored.flatMap((secret, i) =>
    i === 0
      ? vault.open(secret, apiKeyId)
      : openOr([] as never[], () => vault.open(secret, apiKeyId)),
  );

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

/** The key of a developer's machine: created once, kept in DATA_DIR and readable by its owner only. */
export async function keptSecretsKey(dataDir: string): Promise<Buffer> {
  const file = join(dataDir, 'secrets-key');
  await mkdir(dataDir, { recursive: true });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  // A link appears complete or not at all. A second process takes the first one's key.
  await link(draft, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(draft);
  return Buffer.from(await readFile(file, 'utf8'), 'base64');
}
