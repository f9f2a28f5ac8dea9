import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ConfigError, loadConfig } from '../../src/config.ts';
import { secretFileSettings } from '../../src/settings/secret_files.ts';

test('a blank setting is an unset one: its default holds', () => {
  const unset = loadConfig({});
  for (const name of ['KEEP_VIDEOS_DAYS', 'KEEP_JOBS_DAYS', 'PORT', 'DATABASE_URL', 'SECRETS_KEY'])
    for (const blank of ['', ' ', '\n']) assert.deepEqual(loadConfig({ [name]: blank }), unset);
});

test('a wrong setting is a line that names it, and each has its own', () => {
  assert.throws(
    () => loadConfig({ PORT: 'abc', PUBLIC_URL: 'junk', CLIENT_IP_SOURCE: 'foo' }),
    (error) => {
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, /^PORT .*\nPUBLIC_URL must be .*\nCLIENT_IP_SOURCE must be .*$/);
      return true;
    },
  );
});

test('origins are those of sites, extensions and apps; what has a path is none', () => {
  const origins = ['https://app.example.com', 'http://localhost:5173', 'chrome-extension://abc'];
  assert.deepEqual(loadConfig({ CORS_ORIGINS: origins.join() }).corsOrigins, origins);
  for (const wrong of ['app.example.com', 'https://app.example.com/', 'foo bar'])
    assert.throws(() => loadConfig({ CORS_ORIGINS: wrong }), /CORS_ORIGINS must be \*/);
});

test('an address of the database that cannot be read is never shown', () => {
  for (const wrong of ['Sekret#1@db', 'Sekret/1@db', 'Sekret%zz@db', 'Sekret@db:99999'])
    assert.throws(
      () => loadConfig({ DATABASE_URL: `postgres://vidgen:${wrong}/vidgen` }),
      ({ message }: Error) =>
        message.startsWith('DATABASE_URL is not a valid address') && !message.includes('Sekret'),
    );
  loadConfig({ DATABASE_URL: 'postgres://vidgen:Sekret%231@db:5432/vidgen?sslmode=require' });
});

test('a password for /ops that could be guessed is refused, and not repeated', () => {
  assert.throws(
    () => loadConfig({ OPS_PASSWORD: 'elevenchars' }),
    ({ message }: Error) =>
      message.startsWith('OPS_PASSWORD must have at least 12') && !message.includes('elevenchars'),
  );
  assert.equal(loadConfig({ OPS_PASSWORD: 'twelve chars' }).opsPassword, 'twelve chars');
});

test('a secret is read from a file, without the line break at its end', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'vidgen-secrets-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const url = 'postgres://vidgen_web:Sekret@db/vidgen';
  const key = 'a1'.repeat(32);
  const config = loadConfig(
    {
      NODE_ENV: 'production',
      PUBLIC_URL: 'https://vidgen.example.com',
      DATABASE_URL_FILE: file('url', `${url}\n`),
      SECRETS_KEY_FILE: file('key', `${key},\n${key}\r\n\r\n`),
      OPS_PASSWORD_FILE: file('ops', ' twelve chars '),
    },
    ['DATABASE_URL', 'PUBLIC_URL', 'SECRETS_KEY'],
  );
  assert.equal(config.databaseUrl, url);
  assert.deepEqual(config.secretsKeys, [Buffer.from(key, 'hex'), Buffer.from(key, 'hex')]);
  assert.equal(config.opsPassword, ' twelve chars ');
  const settings = await readFile('docs/settings.md', 'utf8');
  for (const name of secretFileSettings)
    assert.ok(settings.includes(`\`${name.replace(/_FILE$/, '')}\``), name);

  const refused = (env: NodeJS.ProcessEnv, ...sentences: RegExp[]) =>
    assert.throws(
      () => loadConfig(env),
      ({ message }: Error) => {
        const lines = message.split('\n');
        assert.equal(lines.length, sentences.length, message);
        for (const [i, sentence] of sentences.entries()) assert.match(lines[i] ?? '', sentence);
        return !message.includes('Sekret');
      },
    );
  refused(
    {
      DATABASE_URL_FILE: file('url', url),
      DATABASE_URL: url,
      SECRETS_KEY_FILE: folder,
      OPS_PASSWORD_FILE: file('empty', '\n'),
      METRICS_TOKEN_FILE: join(folder, 'none'),
    },
    /^Set either DATABASE_URL or DATABASE_URL_FILE, not both\.$/,
    /^SECRETS_KEY_FILE names \/.*, which is a folder\.$/,
    /^OPS_PASSWORD_FILE names \/.*\/empty, which is empty\.$/,
    /^METRICS_TOKEN_FILE names \/.*\/none, which does not exist\.$/,
  );
  refused({ DATABASE_URL_FILE: file('url', `${url}#Sekret`) }, /^DATABASE_URL /);
  refused({ SECRET_KEY_FILE: '/x' }, /^SECRET_KEY_FILE is not .* Did you mean SECRETS_KEY_FILE\?$/);
  // Root reads everything.
  if (process.getuid?.() !== 0) {
    chmodSync(join(folder, 'url'), 0);
    refused({ DATABASE_URL_FILE: join(folder, 'url') }, /which this user may not read: change its/);
  }
});
