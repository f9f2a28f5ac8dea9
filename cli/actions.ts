import type { ParseArgsOptionsConfig } from 'node:util';
import type { Db } from '../src/postgres/db.ts';
import { createVault, type Vault } from '../src/secrets/vault.ts';
import { type Command, named, UsageError, unknownWord } from './command.ts';
import type { Database } from './database.ts';
import { operate } from './operate.ts';
import { secretsKeysOf } from './secrets_key.ts';

export type Given = Record<string, string | boolean | undefined>;

/** `vidgen COMMAND ACTION WORDS OPTIONS` */
export type Action = {
  /** Its arguments, as the usage names them; those in brackets may be left out. */
  words?: string[];
  /** The names of its options, besides --json. */
  options?: string[];
  /** How long PostgreSQL may take for one of its statements; default ten minutes. */
  deadlineMs?: number;
  run(o: {
    db: Db;
    /** In the order of `words`; empty where left out. */
    words: string[];
    options: Given;
    json: boolean;
    /** For secrets that the database must not see. */
    openVault(): Promise<Vault>;
  }): Promise<void>;
};

/** A command whose first word is one of these actions on the database. */
export function commandOf(o: {
  name: string;
  summary: string;
  help: string;
  options: ParseArgsOptionsConfig;
  actions: Record<string, Action>;
  /** Throws UsageError. */
  check?(action: string, options: Given, words: string[]): void;
}): Command {
  const { actions, help } = o;
  return {
    summary: o.summary,
    help,
    options: { json: { type: 'boolean' }, ...o.options },
    actions,
    words: 1 + Math.max(...Object.values(actions).map(({ words = [] }) => words.length)),
    run: async ({ config, positionals: [name = '', ...given], options }) => {
      const action = named(actions, name);
      if (!action) throw new UsageError(unknownWord(o.name, name, help));
      const words = wordsOf(action, given, help);
      const { json, ...rest } = options as Given;
      const foreign = Object.keys(rest).find((option) => !action.options?.includes(option));
      if (foreign)
        throw new UsageError(`"vidgen ${o.name} ${name}" has no option --${foreign}.\n\n${help}`);
      o.check?.(name, rest, words);
      const use = async (db: Db, database: Database) => {
        const openVault = async () => createVault(await secretsKeysOf(config, database));
        await action.run({ db, words, options: rest, json: json === true, openVault });
      };
      return operate(config, use, action.deadlineMs);
    },
  };
}

function wordsOf({ words: wanted = [] }: Action, given: string[], help: string): string[] {
  const missing = wanted.find((word, i) => !given[i] && !word.startsWith('['));
  if (missing) throw new UsageError(`${missing} is missing.\n\n${help}`);
  const surplus = given[wanted.length];
  if (surplus !== undefined)
    throw new UsageError(
      `"${surplus}" is one word too many. A name of several words stands in quotes.\n\n${help}`,
    );
  return wanted.map((_, i) => given[i] ?? '');
}
