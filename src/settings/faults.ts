import { nearMiss } from '../http/near_miss.ts';

type Given = Record<string, string | undefined>;

/** Settings that several machines must share, and what to do when one is missing. */
export const settingSentences = {
  DATABASE_URL:
    'Set DATABASE_URL: in production the processes share one PostgreSQL. ("vidgen start" alone can keep one of its own in DATA_DIR.)',
  PUBLIC_URL:
    'Set PUBLIC_URL to where callers reach the service: the addresses of videos are made from it.',
  SECRETS_KEY:
    'Set SECRETS_KEY: webhook secrets are kept sealed with it. "openssl rand -base64 32" makes one; give the same to all processes, and keep a copy apart from the database.',
};
export type RequiredSetting = keyof typeof settingSentences;

/** A sentence for each setting that a command needs in production and does not have. */
export function missingSettings(given: Given, names: readonly RequiredSetting[]): string[] {
  if (given.NODE_ENV !== 'production') return [];
  const isEmbedded = given.DATABASE_URL === undefined && !names.includes('DATABASE_URL');
  return (
    names
      .filter((name) => given[name] === undefined)
      // The embedded database has its key beside it.
      .filter((name) => name !== 'SECRETS_KEY' || !isEmbedded)
      .map((name) => settingSentences[name])
  );
}

/**
 * A sentence for each variable whose name is almost that of a setting, because it would be ignored. If it belongs
 * to another program, setting the real one lets it pass.
 */
export const misspeltSettings = (given: Given, settings: readonly string[]): string[] =>
  Object.keys(given).flatMap((name) => {
    if (settings.includes(name) || name.length < shortest) return [];
    const meant = nearMiss(name, settings);
    if (!meant || meant.length < shortest || given[meant] !== undefined) return [];
    return `${name} is not a setting. Did you mean ${meant}?`;
  });

/** Too many other names are close to one as short as PORT. */
const shortest = 7;
