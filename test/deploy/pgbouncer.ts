import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../../src/process/free_port.ts';
import type { Certificate } from '../support/certificates.ts';
import type { Cleanup } from '../support/database.ts';
import { requireProgram, without } from '../support/programs.ts';

/** For `skip`. */
export const withoutPgbouncer = without('pgbouncer');

/**
 * A PgBouncer that lends one of two server connections for each transaction.
 *
 * @param certificate makes it refuse unencrypted connections, and lend a connection for each session
 * @returns the address of the same database through it
 */
export async function startPgbouncer(
  t: Cleanup,
  databaseUrl: string,
  certificate?: Certificate,
): Promise<string> {
  const { hostname, port: serverPort, username, password } = new URL(databaseUrl);
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'vidgen-pgbouncer-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const tls = certificate
    ? 'client_tls_sslmode = require\nclient_tls_key_file = key\nclient_tls_cert_file = cert\n'
    : '';
  const files = {
    key: certificate?.key ?? '',
    cert: certificate?.cert ?? '',
    users: `"${username}" "${decodeURIComponent(password)}"\n`,
    'pgbouncer.ini': `[databases]
* = host=${hostname} port=${serverPort}
[pgbouncer]
listen_addr = localhost
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = users
pool_mode = ${certificate ? 'session' : 'transaction'}
default_pool_size = ${certificate ? 20 : 2}
max_client_conn = 200
${tls}`,
  };
  for (const [name, text] of Object.entries(files))
    await writeFile(join(folder, name), text, { mode: 0o600 });
  const child = spawn(await requireProgram('pgbouncer'), ['pgbouncer.ini'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(process.getuid?.() === 0 ? await handOver(folder) : {}),
  });
  const exited = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  for await (const line of createInterface(child.stderr)) if (line.includes('process up')) break;
  child.stderr.resume();
  const through = new URL(databaseUrl);
  through.port = String(port);
  return through.href;
}

/** It refuses to run as root. */
async function handOver(folder: string): Promise<{ uid: number; gid: number }> {
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  const account = { uid: id('-u'), gid: id('-g') };
  await chmod(folder, 0o700);
  for (const path of [folder, ...(await readdir(folder)).map((name) => join(folder, name))])
    await chown(path, account.uid, account.gid);
  return account;
}
