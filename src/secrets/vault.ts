import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  randomBytes,
} from 'node:crypto';

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
  const named = new Map(keys.map((key) => [nameOf(key), createSecretKey(key)]));
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

/** What `open` returns, or the other value when it throws. */
export function openOr<Other>(other: Other, open: () => string): string | Other {
  try {
    return open();
  } catch {
    return other;
  }
}
