import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFiles } from '../process/project_files.ts';
import { type Cluster, databaseName, run } from './cluster.ts';

/** Who may log in: each process as its role, migrations and commands as the owner. There is no superuser. */
const logins = ['owner', 'web', 'worker', 'operator'] as const;
type Login = (typeof logins)[number];

/** postgres://…@127.0.0.1:port/vidgen for each login. */
export type Addresses = Record<Login, string>;

const fileIn = (cluster: Cluster) => join(cluster.folder, 'logins');

/** False for a new database and for one of an earlier release, in which everything is the superuser's. */
export const hasLogins = (cluster: Cluster): Promise<boolean> =>
  readFile(fileIn(cluster)).then(
    () => true,
    () => false,
  );

/**
 * Makes the roles and their passwords, and takes the superuser's login away. The server must be down. May be
 * called again, if it was interrupted.
 */
export async function makeLogins(cluster: Cluster): Promise<void> {
  const passwords = logins.map((login) => [login, randomBytes(24).toString('hex')] as const);
  const settings = passwords.map(
    ([login, password]) => `set vidgen.password_vidgen_${login} = '${password}';\n\n`,
  );
  const quiet = ['-c', 'log_min_error_statement=panic']; // a statement contains a password
  await run(
    cluster,
    'postgres',
    ['--single', '-j', '-D', cluster.data, '-c', 'exit_on_error=on', ...quiet, databaseName],
    settings.join('') + projectFiles.read('sql/embedded_roles.sql'),
  );
  await writeFile(`${fileIn(cluster)}.new`, JSON.stringify(Object.fromEntries(passwords)), {
    mode: 0o600,
  });
  await rename(`${fileIn(cluster)}.new`, fileIn(cluster));
  await rm(join(cluster.folder, 'password'), { force: true });
}

export async function addressesOf(cluster: Cluster, port: number): Promise<Addresses> {
  const passwords = JSON.parse(await readFile(fileIn(cluster), 'utf8'));
  const address = (login: Login) =>
    `postgres://vidgen_${login}:${passwords[login]}@127.0.0.1:${port}/${databaseName}`;
  return {
    owner: address('owner'),
    web: address('web'),
    worker: address('worker'),
    operator: address('operator'),
  };
}
