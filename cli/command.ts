import type { ParseArgsOptionsConfig } from 'node:util';
import type { Config } from '../src/config.ts';

export type Command = {
  /** One line in the list of commands. */
  summary: string;
  help: string;
  options: ParseArgsOptionsConfig;
  /** Returns the exit status. */
  run(o: {
    config: Config;
    positionals: string[];
    options: Record<string, string | boolean | (string | boolean)[] | undefined>;
  }): Promise<number>;
};

/** The command was called wrongly: exit status 2. */
export class UsageError extends Error {}
