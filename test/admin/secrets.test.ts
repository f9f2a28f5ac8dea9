import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { sql } from 'kysely';
import { loadConfig } from '../../src/config.ts';
import { call } from '../../src/postgres/call.ts';
import { type Db, openDb } from '../../src/postgres/db.ts';
import { keptSecretsKey } from '../../src/secrets/kept_key.ts';
import { requireSameKey, sealSecrets } from '../../src/secrets/seal.ts';
import { createVault, openSigners } from '../../src/secrets/vault.ts';
import { rotateWebhookSecret } from '../../src/secrets/webhook_secret.ts';
import { vidgen } from '../support/command.ts';
import { type Cleanup, createDatabase } from '../support/database.ts';
import { endJob } from '../support/ended_jobs.ts';
import { createKey, startService } from '../support/service.ts';
import { untilRow } from '../support/until.ts';

const [older, newer] = [randomBytes(32), randomBytes(32)] as const;

type Stored = { webhook_secret: string; previous_webhook_secret: string | null };
const stored = async (db: Db, id: string): Promise<Stored> =>
  (await db.first(
    sql<Stored>`select webhook_secret, previous_webhook_secret from vidgen.api_key where id = ${id}`,
  )) as Stored;

async function database(t: Cleanup): Promise<Db> {
  const db = openDb((await createDatabase(t)).url, { max: 2 });
  t.after(() => db.close());
  return db;
}

test('what is sealed opens for its own API key and with its own key only', () => {
  const vault = createVault([newer, older]);
  const sealed = vault.seal('whsec_abc', 'key-1');
  assert.match(sealed, new RegExp(`^sealed:${vault.keyName}:[\\w-]+$`));
  assert.notEqual(vault.seal('whsec_abc', 'key-1'), sealed, 'a new nonce each time');
  assert.equal(vault.open(sealed, 'key-1'), 'whsec_abc');
  assert.equal(createVault([older, newer]).open(sealed, 'key-1'), 'whsec_abc');
  assert.throws(() => vault.open(sealed, 'key-2'), 'moved to the row of another key');
  const bytes = Buffer.from(sealed.split(':')[2] ?? '', 'base64url');
  for (const at of [0, 12, bytes.length - 1]) {
    const forged = Buffer.from(bytes);
    forged[at] = (forged[at] ?? 0) ^ 1;
    const text = `sealed:${vault.keyName}:${forged.toString('base64url')}`;
    assert.throws(() => vault.open(text, 'key-1'), `byte ${at} was changed`);
  }
  assert.throws(() => createVault([older]).open(sealed, 'key-1'), {
    message: `A webhook secret is sealed with the key ${vault.keyName}, which is not in SECRETS_KEY: add it after a comma.`,
  });
  assert.throws(() => createVault([]), /SECRETS_KEY is not set/);
});

test('SECRETS_KEY is read in base64 and in hex, the newest first', () => {
  const text = ` ${newer.toString('hex')}, ${older.toString('base64')} `;
  assert.deepEqual(loadConfig({ SECRETS_KEY: text }).secretsKeys, [newer, older]);
  assert.deepEqual(loadConfig({}).secretsKeys, []);
  for (const wrong of ['short', newer.toString('hex').slice(2), `${newer.toString('base64')},x`])
    assert.throws(
      () => loadConfig({ SECRETS_KEY: wrong }),
      /^Error: SECRETS_KEY must be 32 random/,
    );
});

test('a secret reaches the table only sealed; a key from psql gets one from a worker, as sealed', async (t) => {
  const db = await database(t);
  const vault = createVault([older]);
  const key = await createKey(db, 'sealed', vault);
  assert.equal(await sealSecrets(db, vault), 0, 'nothing is left to do');
  const first = await stored(db, key.id);
  assert.equal(vault.open(first.webhook_secret, key.id), key.webhookSecret);
  assert.equal(first.previous_webhook_secret, null);
  const rotated = await rotateWebhookSecret(db, vault, 'sealed', '1 hour');
  const second = await stored(db, key.id);
  assert.equal(vault.open(second.webhook_secret, key.id), rotated.webhookSecret);
  assert.equal(vault.open(second.previous_webhook_secret ?? '', key.id), key.webhookSecret);

  const { id } = await call(db, 'admin.create_api_key', { name: 'from psql' });
  assert.equal((await stored(db, id)).webhook_secret, null);
  assert.equal(await sealSecrets(db, vault), 1);
  assert.match(vault.open((await stored(db, id)).webhook_secret, id), /^whsec_[\w+/]{43}=$/);
  for (const column of ['webhook_secret', 'previous_webhook_secret'])
    await assert.rejects(
      db.run(sql`update vidgen.api_key set ${sql.id(column)} = 'whsec_plain' where id = ${key.id}`),
      /api_key_secrets_sealed/,
    );
});

test('a new SECRETS_KEY before the old one seals everything anew; then the old one can go', async (t) => {
  const db = await database(t);
  const key = await createKey(db, 'resealed', createVault([older]));
  await rotateWebhookSecret(db, createVault([older]), 'resealed', '1 hour');
  await assert.rejects(
    requireSameKey(db, createVault([newer])),
    /sealed with the key \w+, which is not in SECRETS_KEY/,
  );
  const vault = createVault([newer, older]);
  assert.equal(await sealSecrets(db, vault), 1);
  const alone = createVault([newer]);
  const { webhook_secret: newest, previous_webhook_secret: previous } = await stored(db, key.id);
  assert.match(alone.open(newest, key.id), /^whsec_/);
  assert.equal(alone.open(previous ?? '', key.id), key.webhookSecret);
  const view = await db.first(
    sql<{ secret_sealed_with: string }>`select secret_sealed_with from admin.api_keys`,
  );
  assert.equal(view?.secret_sealed_with, alone.keyName);
});

test('a rotation between reading and sealing is not overwritten', async (t) => {
  const db = await database(t);
  const vault = createVault([older]);
  const key = await createKey(db, 'raced', vault);
  const { webhook_secret: read } = await stored(db, key.id);
  const { webhookSecret } = await rotateWebhookSecret(db, vault, 'raced', '0 s');
  const isSealed = await call(db, 'seal_secrets', {
    api_key_id: key.id,
    webhook_secret: read,
    previous_webhook_secret: null,
    sealed_webhook_secret: 'sealed:x:y',
    sealed_previous_webhook_secret: null,
  });
  assert.equal(isSealed, false);
  assert.equal(vault.open((await stored(db, key.id)).webhook_secret, key.id), webhookSecret);
});

test('with a wrong SECRETS_KEY nothing is sealed, no worker starts, and a running one says so', async (t) => {
  const service = await startService(t, {
    env: { SECRETS_KEY: older.toString('base64') },
    worker: true,
  });
  const { db } = service;
  const vault = createVault([older]);
  const lost = await createKey(db, 'a lost key', vault);
  const fresh = await createKey(db, 'a fresh key', createVault([older]));
  await db.run(
    sql`update vidgen.api_key set webhook_secret = 'sealed:0000:x' where id = ${lost.id}`,
  );
  const before = await stored(db, fresh.id);
  await assert.rejects(sealSecrets(db, vault), /are sealed with the key 0000, which is not/);
  const env = { DATABASE_URL: service.databaseUrl, SECRETS_KEY: newer.toString('base64') };
  const worker = await vidgen(env, 'worker');
  assert.equal(worker.code, 1);
  assert.match(
    worker.stderr,
    /^The webhook secrets of an API key are sealed with the key .* rotate-secret NAME\.\n$/s,
  );
  assert.deepEqual(await stored(db, fresh.id), before);

  const jobId = await endJob(db, lost.id, 'https://receiver.invalid/hook');
  await untilRow(
    'it is told',
    db,
    sql`select from admin.deliveries where job_id = ${jobId} and error_class = 'secret'`,
  );
  const shown = await vidgen(env, 'jobs', 'show', jobId);
  assert.match(shown.stdout, /The webhook secret cannot be opened/);

  // A new secret cures it; the old one, still in its grace period, is left alone.
  await rotateWebhookSecret(db, vault, 'a lost key', '1 hour');
  assert.equal(await sealSecrets(db, vault), 0);
  const cured = await stored(db, lost.id);
  assert.equal(cured.previous_webhook_secret, 'sealed:0000:x');
  assert.equal(openSigners(vault, [cured.webhook_secret, 'sealed:0000:x'], lost.id).length, 1);
});

test('the embedded database has a key in its folder, the same for all, for its owner alone', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'vidgen-secrets-'));
  t.after(() => rm(folder, { recursive: true }));
  const keys = await Promise.all([keptSecretsKey(folder), keptSecretsKey(folder)]);
  assert.equal(keys[0].length, 32);
  assert.deepEqual(keys[0], keys[1]);
  assert.deepEqual(await keptSecretsKey(folder), keys[0]);
  assert.equal((await stat(join(folder, 'secrets-key'))).mode & 0o777, 0o600);
});
