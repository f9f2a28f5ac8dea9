import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Config } from '../src/config.ts';
import { call } from '../src/postgres/call.ts';
import { type Db, openDb, query } from '../src/postgres/db.ts';
import { createVault } from '../src/secrets/vault.ts';
import { createApiKey } from '../src/secrets/webhook_secret.ts';

type DevelopmentKey = { apiKey: string; webhookSecret: string };

/**
 * The key for trying things on the embedded database: created once, and kept in DATA_DIR for its owner only.
 * It is created again when the database does not know it or no longer accepts it.
 */
export async function developmentKey(config: Config, databaseUrl: string): Promise<DevelopmentKey> {
  const file = join(config.dataDir, 'development-key');
  const kept = await readFile(file, 'utf8').catch(() => '');
  const [apiKey, webhookSecret] = kept.trim().split('\n');
  if (apiKey && webhookSecret && (await isAccepted(databaseUrl, apiKey)))
    return { apiKey, webhookSecret };
  // A new name each time, because the file may be lost while the database is not.
  const made = await createKey(config, databaseUrl, `development ${new Date().toISOString()}`);
  await writeFile(file, `${made.apiKey}\n${made.webhookSecret}\n`, { mode: 0o600 });
  return made;
}

/** A key for one run of the demo, independent of what earlier runs left. */
export async function demoKey(
  config: Config,
  databaseUrl: string,
): Promise<{ apiKey: string; close(): Promise<void> }> {
  const name = `demo ${new Date().toISOString()}`;
  const { apiKey } = await createKey(config, databaseUrl, name);
  return {
    apiKey,
    /** Ends the job, if it is still running, and the key. */
    close: () =>
      withDb(databaseUrl, async (db) => {
        await call(db, 'admin.deactivate_api_key', { name });
        const active = query.selectFrom('admin.api_keys').select('active_job_id');
        const jobId = (await db.first(active.where('name', '=', name)))?.active_job_id;
        if (jobId)
          await call(db, 'admin.fail_job', { job_id: jobId, reason: 'The demo was stopped.' });
      }),
  };
}

async function isAccepted(databaseUrl: string, apiKey: string): Promise<boolean> {
  const accepted = sql`
    select from vidgen.api_key
    where key_sha256 = sha256(convert_to(${apiKey}, 'UTF8')) and deactivated_at is null`;
  return (await withDb(databaseUrl, (db) => db.run(accepted))).length > 0;
}

const createKey = (
  { secretsKeys }: Config,
  databaseUrl: string,
  name: string,
): Promise<DevelopmentKey> =>
  withDb(databaseUrl, async (db) => {
    const { apiKey, webhookSecret } = await createApiKey(db, createVault(secretsKeys), name);
    return { apiKey, webhookSecret };
  });

async function withDb<Result>(
  databaseUrl: string,
  use: (db: Db) => Promise<Result>,
): Promise<Result> {
  const db = openDb(databaseUrl, { max: 1 });
  try {
    return await use(db);
  } finally {
    await db.close();
  }
}
