import type { Config } from '../src/config.ts';
import { type Command, UsageError } from './command.ts';

export type Service = { url: string; apiKey: string };

type Flags = Parameters<Command['run']>[0]['options'];

/** The options of a command that works by a service, or without one. */
export const serviceFlags = {
  url: { type: 'string' },
  key: { type: 'string' },
  local: { type: 'boolean' },
} satisfies Command['options'];

/** The service that is to make it; undefined: this machine. */
export function serviceOf(config: Config, flags: Flags): Service | undefined {
  if (flags.local && flags.url) throw new UsageError('Give either --local or --url.');
  const url = flags.local ? undefined : ((flags.url as string) ?? config.clientUrl);
  if (url === undefined) {
    if (flags.key) throw new UsageError('--key is for a service: give its --url too.');
    return undefined;
  }
  const apiKey = (flags.key as string) ?? config.clientApiKey;
  if (!apiKey) throw new UsageError(`Give the API key for ${url} in VIDGEN_API_KEY or with --key.`);
  return { url, apiKey };
}
