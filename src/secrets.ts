import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { call } from './postgres/call.ts';
import type { Db } from './postgres/db.ts';

/** Secrets at rest: AES-256-GCM with the first of the keys of SECRETS_KEY; all of them open. */
export type Vault = {
  /**
   * Names the key that seals. The name is part of every sealed secret, and is no help in guessing the key.
   */
  keyName: string;
  seal(secret: string, apiKeyId: string): string;
  /** A secret that was never sealed is returned unchanged. Throws a sentence when none of the keys fits. */
  open(stored: string, apiKeyId: string): string;
};

const nonceBytes = 12;
const tagBytes = 16;

/** @param keys 32 bytes each; the first one seals */
export function createVault(keys: Buffer[]): Vault {
  const named = new Map(keys.map((key) => [nameOf(key), key]));
  const [first] = named;
  if (!first) throw new Error('SECRETS_KEY is not set, so webhook secrets cannot be sealed.');
  const [keyName, sealer] = first;
  return {
    keyName,
    seal: (secret, apiKeyId) => {
      const nonce = randomBytes(nonceBytes);
      // The API key's id is authenticated too, so a sealed secret is valid only in its own row.
      const cipher = createCipheriv('aes-256-gcm', sealer, nonce).setAAD(Buffer.from(apiKeyId));
      const sealed = [nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()];
      return `sealed:${keyName}:${Buffer.concat(sealed).toString('base64url')}`;
    },
    open: (stored, apiKeyId) => {
      if (!stored.startsWith('sealed:')) return stored;
      const [, name = '', text = ''] = stored.split(':');
      const key = named.get(name);
      if (!key) {
        throw new Error(
          `A webhook secret is sealed with the key ${name}, which is not in SECRETS_KEY: add it after a comma.`,
        );
      }
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

/**
 * Seals secrets that are not sealed, or sealed with an older key. Returns the number of API keys affected. If
 * one was sealed with a key that is no longer there, throws after finishing all others.
 */
export async function sealSecrets(db: Db, vault: Vault): Promise<number> {
  const reseal = (stored: string, id: string) => vault.seal(vault.open(stored, id), id);
  const unsealed = await call(db, 'unsealed_secrets', { key_name: vault.keyName });
  const sealing = await Promise.allSettled(
    unsealed.map(async (row) => {
      const { api_key_id: id, webhook_secret: newest, previous_webhook_secret: old } = row;
      await call(db, 'seal_secrets', {
        ...row,
        sealed_webhook_secret: reseal(newest, id),
        sealed_previous_webhook_secret: old === null ? null : reseal(old, id),
      });
    }),
  );
  const failed = sealing.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
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
