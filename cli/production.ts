import type { Config } from '../src/config.ts';
import { OperatorError } from '../src/operator_error.ts';

/** Settings that several machines must share, and what to do when one is missing. */
const sentences = {
  databaseUrl:
    'Set DATABASE_URL: in production the processes share one PostgreSQL. ("vidgen start" alone can keep one of its own in DATA_DIR.)',
  publicUrl:
    'Set PUBLIC_URL to where callers reach the service: the addresses of videos are made from it.',
};

/** Throws OperatorError when one of these is missing in production. */
export function requireInProduction(config: Config, ...names: (keyof typeof sentences)[]): void {
  const missing = names.find((name) => !config[name]);
  if (config.production && missing) throw new OperatorError(sentences[missing]);
}
