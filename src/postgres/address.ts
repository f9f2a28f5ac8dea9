import { accessSync, constants, readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';

export type PostgresAddress = {
  connectionString: string;
  ssl: false | ConnectionOptions;
  /** Whether a connection keeps prepared statements. A transaction pooler may not. */
  prepare: boolean;
};

const plain = ['disable', 'allow', 'prefer'];
export const sslModes = [...plain, 'require', 'no-verify', 'verify-ca', 'verify-full'] as const;

/**
 * An address for both drivers, which interpret `sslmode` differently. Here it means what it means to psql,
 * except that `allow` and `prefer` do not encrypt. `sslrootcert` names a file of authorities. `prepare=false`
 * is our own parameter. Parameters that the server does not know are removed.
 */
export function postgresAddress(url: string): PostgresAddress {
  const { base, query } = split(url);
  const sslmode = take(query, 'sslmode') ?? 'disable';
  const rootFile = take(query, 'sslrootcert');
  const prepare = take(query, 'prepare') !== 'false';
  take(query, 'channel_binding');
  return { connectionString: join(base, query), ssl: tlsOptions(sslmode, rootFile), prepare };
}

function tlsOptions(sslmode: string, rootFile: string | undefined): false | ConnectionOptions {
  if (plain.includes(sslmode)) return false;
  const ca = rootFile && rootFile !== 'system' ? readFileSync(rootFile) : undefined;
  if (sslmode === 'no-verify' || (sslmode === 'require' && !rootFile))
    return { rejectUnauthorized: false };
  if (sslmode === 'verify-full') return { ca };
  return { ca, checkServerIdentity: () => undefined };
}

/** What is wrong with the parameters of an address, to follow the name of its setting. */
export function faultOfAddress(url: string): string | undefined {
  const { query } = split(url);
  const sslmode = query.get('sslmode') ?? 'disable';
  if (!(sslModes as readonly string[]).includes(sslmode))
    return `has sslmode=${sslmode}: it must be one of ${sslModes.join(', ')}`;
  const rootFile = query.get('sslrootcert') ?? 'system';
  if (plain.includes(sslmode) || rootFile === 'system') return undefined;
  try {
    accessSync(rootFile, constants.R_OK);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return `has sslrootcert=${rootFile}, which cannot be read (${code}): name a file of authorities in PEM, or leave it out`;
  }
}

/** Adds these parameters to the address where it does not set them itself. */
export function withParameters(
  url: string,
  parameters: Record<string, string | undefined>,
): string {
  const { base, query } = split(url);
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined && !query.has(name)) query.set(name, value);
  return join(base, query);
}

function split(url: string): { base: string; query: URLSearchParams } {
  const [base = '', query = ''] = url.split(/\?(.*)/s);
  return { base, query: new URLSearchParams(query) };
}

const join = (base: string, query: URLSearchParams) => (query.size > 0 ? `${base}?${query}` : base);

function take(query: URLSearchParams, name: string): string | undefined {
  const value = query.get(name) ?? undefined;
  query.delete(name);
  return value;
}
