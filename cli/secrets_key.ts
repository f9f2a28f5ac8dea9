import type { Config } from '../src/config.ts';
import { keptSecretsKey } from '../src/secrets.ts';
import type { Database } from './database.ts';

/**
 * What webhook secrets are sealed with: SECRETS_KEY. The embedded database has a key of its own in
 * DATA_DIR as well, so that it needs no setting.
 */
export async function secretsKeysOf(config: Config, database: Database): Promise<Buffer[]> {
  if (database.embedded) return [...config.secretsKeys, await keptSecretsKey(config.dataDir)];
  if (config.secretsKeys.length > 0) return config.secretsKeys;
  throw Object.assign(
    new Error(
      'Set SECRETS_KEY: webhook secrets are kept sealed with it. "openssl rand -base64 32" makes one; give the same to all processes, and keep a copy apart from the database.',
    ),
    { expected: true },
  );
}
