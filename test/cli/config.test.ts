import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, loadConfig } from '../../src/config.ts';

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
