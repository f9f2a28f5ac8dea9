import type { Config } from '../src/config.ts';
import { OperatorError } from '../src/operator_error.ts';
import { keptSecretsKey } from '../src/secrets/kept_key.ts';
import { settingSentences } from '../src/settings/faults.ts';
import type { Database } from './database.ts';

/**
 * The key that seals webhook secrets: SECRETS_KEY. A developer's machine uses a key in DATA_DIR, so that
 * nothing needs to be set. In production it must be set, or each machine would have a different one.
 */
export async function secretsKeysOf(config: Config, database: Database): Promise<Buffer[]> {
  if (database.embedded) return [...config.secretsKeys, await keptSecretsKey(config.dataDir)];
  if (config.secretsKeys.length > 0) return config.secretsKeys;
  if (!config.production) return [await keptSecretsKey(config.dataDir)];
  throw new OperatorError(settingSentences.SECRETS_KEY);
}
