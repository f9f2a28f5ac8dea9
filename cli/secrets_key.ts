import type { Config } from '../src/config.ts';
import { OperatorError } from '../src/operator_error.ts';
import { keptSecretsKey } from '../src/secrets.ts';
import type { Database } from './database.ts';

/**
 * What webhook secrets are sealed with: SECRETS_KEY. On one's own machine a key in DATA_DIR does, so
 * that nothing need be set; in production it must be given, or each machine would have another.
 */
export async function secretsKeysOf(config: Config, database: Database): Promise<Buffer[]> {
  if (database.embedded) return [...config.secretsKeys, await keptSecretsKey(config.dataDir)];
  if (config.secretsKeys.length > 0) return config.secretsKeys;
  if (!config.production) return [await keptSecretsKey(config.dataDir)];
  throw new OperatorError(
    'Set SECRETS_KEY: webhook secrets are kept sealed with it. "openssl rand -base64 32" makes one; give the same to all processes, and keep a copy apart from the database.',
  );
}
