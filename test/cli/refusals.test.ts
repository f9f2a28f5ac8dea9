import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, test } from 'node:test';
import { createSecureContext, TLSSocket } from 'node:tls';
import { type Fault, faultOf } from '../../src/postgres/fault.ts';
import { authority } from '../support/certificates.ts';
import { vidgen } from '../support/command.ts';
import {
  type Cleanup,
  createDatabase,
  createEmptyDatabase,
  suiteCleanup,
} from '../support/database.ts';
import { databaseOn, onServer } from '../support/server.ts';

/** A server that agrees to TLS as PostgreSQL does, with a certificate that has expired. */
async function expiredServer(t: Cleanup): Promise<string> {
  const secureContext = createSecureContext(authority().certify(['localhost'], { days: -1 }));
  const server = createServer((socket) => {
    socket.once('data', () => {
      socket.write('S');
      new TLSSocket(socket, { isServer: true, secureContext }).on('error', () => {});
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return `postgres://x:x@localhost:${(server.address() as AddressInfo).port}/x`;
}

describe('what cannot work is a sentence that says what to do', () => {
  const cleanup = suiteCleanup();
  const sentence = async (settings: Record<string, string>, ...args: string[]) => {
    const { code, stderr } = await vidgen(settings, ...args);
    assert.equal(code, 1);
    assert.doesNotMatch(stderr, /^ +at /m, 'no stack');
    return stderr.trim();
  };

  test('no database, or one that refuses', async (t) => {
    const { url, name } = await createEmptyDatabase(t);
    const at = (part: Partial<URL>) => Object.assign(new URL(url), part).href;
    const role = `${name}_few`;
    await onServer(url, `create role ${role} password 'x' connection limit 0`);
    t.after(() => onServer(databaseOn(url, 'postgres'), `drop role ${role}`));
    const asRole = at({ username: role, password: 'x' });
    const list = ['keys', 'list'];
    const { caFile } = authority();
    const expired = `${await expiredServer(t)}?sslmode=verify-full&sslrootcert=${caFile}`;
    for (const [address, args, words] of [
      [
        'postgres://x@127.0.0.1:1/x',
        list,
        /^PostgreSQL cannot be reached \(ECONNREFUSED\)\. "vidgen doctor" tells more\.$/,
      ],
      [url, list, /admin\.api_keys" does not exist\. .* run "vidgen migrate"\.$/],
      [at({ pathname: '/nothing' }), list, /"nothing" does not exist\. Create it, /],
      [at({ password: 'x' }), list, /authentication failed .* right user and password\.$/],
      [at({ search: '?sslmode=require' }), ['migrate'], /support SSL.*PGSSLMODE=disable\.$/],
      [expired, ['migrate'], /certificate of the PostgreSQL server has expired\. Renew it/],
      [asRole, list, /is not permitted to log in\. Let it log in: alter role/],
    ] as const)
      assert.match(await sentence({ DATABASE_URL: address }, ...args), words);
    await onServer(url, `alter role ${role} login`);
    const taken = await sentence({ DATABASE_URL: asRole }, ...list);
    assert.match(
      taken,
      /too many connections.*All connections are taken: lower DATABASE_POOL_SIZE/,
    );
    const { stdout } = await vidgen({ DATABASE_URL: asRole }, 'doctor');
    assert.match(stdout, /^FAILURE {2}PostgreSQL: .*too many.*\n +All connections are taken/m);
  });

  test('causes are looked at too, and other errors are left alone', () => {
    const full = Object.assign(new Error('could not extend file'), { code: '53100' });
    const found = (error: unknown) => (faultOf(error) as Fault | undefined)?.found;
    assert.equal(found(new Error('wrapped', { cause: full })), 'The disk of PostgreSQL is full.');
    assert.equal(found(new Error('something else')), undefined);
    const lent = Object.assign(new Error('no such statement'), { code: '26000' });
    assert.match(faultOf(lent)?.remedy ?? '', /DATABASE_DIRECT_URL/);
  });

  test('in production nothing runs without what several machines must share', async () => {
    const { url } = await createDatabase(cleanup);
    const production = { NODE_ENV: 'production', SECRETS_KEY: '' };
    const missing = async (name: string, settings: Record<string, string>) =>
      (await sentence({ ...production, ...settings }, name)).match(/^Set \w+/gm);
    for (const name of ['web', 'worker'])
      assert.deepEqual(await missing(name, { DATABASE_URL: '' }), [
        'Set DATABASE_URL',
        'Set PUBLIC_URL',
        'Set SECRETS_KEY',
      ]);
    assert.deepEqual(await missing('start', { DATABASE_URL: url }), [
      'Set PUBLIC_URL',
      'Set SECRETS_KEY',
    ]);
    assert.deepEqual(await missing('start', { DATABASE_URL: '' }), ['Set PUBLIC_URL']);
    assert.deepEqual(await missing('migrate', { DATABASE_URL: '' }), ['Set DATABASE_URL']);
  });

  test('settings that are misspelt or wrong are named at once', async () => {
    const said = await sentence(
      {
        RENDER_CONCURENCY: '2',
        LOGLEVEL: 'debug',
        SECRETS_KEY: 'c2hvcnQ=',
        DATABASE_URL: 'postgres://db/x?sslmode=bogus',
        DATABASE_DIRECT_URL: 'postgres://db/x?sslmode=verify-full&sslrootcert=/nowhere.pem',
      },
      'worker',
    );
    assert.deepEqual(
      said.split('\n').map((line) => line.slice(0, 60)),
      [
        'RENDER_CONCURENCY is not a setting. Did you mean RENDER_CONC',
        'LOGLEVEL is not a setting. Did you mean LOG_LEVEL?',
        'DATABASE_URL has sslmode=bogus: it must be one of disable, a',
        'DATABASE_DIRECT_URL has sslrootcert=/nowhere.pem, which cann',
        'SECRETS_KEY must be 32 random bytes in base64 or hex ("opens',
      ],
    );
    const own = await vidgen({ LOGLEVEL: 'x', LOG_LEVEL: 'warn' }, 'jobs', 'list', '--limit', '0');
    assert.match(own.stderr, /^--limit must be/, 'that of another program, beside ours');
  });
});
