import type { ParseArgsOptionsConfig } from 'node:util';
import { ApiError } from '../src/errors.ts';
import { plainProse } from '../src/openapi/prose.ts';
import { type Asked, readOptions } from '../src/upload/option_fields.ts';
import { metadata, optionNames, videoOptions } from '../src/video_options.ts';
import { UsageError } from './command.ts';

const schemas = { ...videoOptions.shape, metadata };
const names = [...optionNames, 'metadata'] as (keyof typeof schemas)[];

/** aspectRatio is --aspect-ratio on a command line. */
const flagOf = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

export const optionFlags: ParseArgsOptionsConfig = Object.fromEntries(
  names.map((name) => [flagOf(name), { type: 'string' }]),
);

export const optionHelp = (): string =>
  names
    .map(
      (name) =>
        `--${flagOf(name)}`.padEnd(20) + plainProse(schemas[name].meta()?.description ?? ''),
    )
    .join('\n');

/** The options that the flags stand for. Throws UsageError for a bad value. */
export function optionsOf(flags: Record<string, unknown>): Asked {
  const given = names.filter((name) => typeof flags[flagOf(name)] === 'string');
  const fields = Object.fromEntries(given.map((name) => [name, String(flags[flagOf(name)])]));
  try {
    return readOptions(fields);
  } catch (error) {
    if (error instanceof ApiError) throw new UsageError(error.message);
    throw error;
  }
}
