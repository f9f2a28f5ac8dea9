import type { Config } from '../src/config.ts';

/** The roles of the two processes: sql/roles.sql. */
export const processRoles = ['vidgen_web', 'vidgen_worker'] as const;
type ProcessRole = (typeof processRoles)[number];

export const isProcessRole = (name: string): boolean =>
  (processRoles as readonly string[]).includes(name);

/**
 * The settings for a process that works as this role. A Procfile gives all processes one DATABASE_URL: with
 * DATABASE_OWNER_URL it may name either role, because "vidgen migrate" lets both log in with its password.
 */
export function inOwnRole(config: Config, role: ProcessRole): Config {
  if (!config.databaseOwnerUrl) return config;
  const { databaseUrl, databaseDirectUrl } = config;
  return {
    ...config,
    databaseUrl: databaseUrl && named(databaseUrl, role),
    databaseDirectUrl: databaseDirectUrl && named(databaseDirectUrl, role),
  };
}

function named(address: string, role: ProcessRole): string {
  const url = new URL(address);
  return isProcessRole(url.username) ? Object.assign(url, { username: role }).href : address;
}
