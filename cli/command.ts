import type { ParseArgsOptionsConfig } from 'node:util';
import type { Config } from '../src/config.ts';
import { OperatorError } from '../src/operator_error.ts';
import type { RequiredSetting } from '../src/settings/faults.ts';

export type Command = {
  /** One line in the list of commands. */
  summary: string;
  help: string;
  options: ParseArgsOptionsConfig;
  /** The most words that it takes besides options; none when omitted. */
  words?: number;
  /** The first words that it knows, each with its own options; for the completion of shells. */
  actions?: Record<string, { options?: string[] }>;
  /** The settings without which it does not run in production. */
  requires?: readonly RequiredSetting[];
  /** Returns the exit status. */
  run(o: {
    config: Config;
    positionals: string[];
    options: Record<string, string | boolean | (string | boolean)[] | undefined>;
  }): Promise<number>;
};

export type Commands = Record<string, () => Promise<Command>>;

/** The command was used incorrectly: exit status 2. */
export class UsageError extends OperatorError {}

/** The answer to an unknown subcommand. */
export const unknownWord = (command: string, word: string, help: string): string =>
  word === '' ? help : `There is no "vidgen ${command} ${word}".\n\n${help}`;

/** Looks up own properties only, not what every object inherits. */
export const named = <Value>(all: Record<string, Value>, name: string): Value | undefined =>
  Object.hasOwn(all, name) ? all[name] : undefined;
