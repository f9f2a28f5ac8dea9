import type { Task } from 'graphile-worker';
import { sealSecrets } from '../../src/secrets/seal.ts';
import type { WorkerDeps } from '../deps.ts';

/** Postgres created a webhook secret in plain text; it is sealed now. */
export const sealSecretsTask =
  ({ db, vault, log }: WorkerDeps): Task =>
  async () => {
    const sealed = await sealSecrets(db, vault);
    if (sealed > 0) log.info({ sealed }, 'webhook secrets sealed');
  };
