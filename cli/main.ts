import { parseArgs } from 'node:util';
import { ConfigError, loadConfig } from '../src/config.ts';
import { toApiError } from '../src/errors.ts';
import { MigrationError } from '../src/migrate.ts';
import { type Command, UsageError } from './command.ts';
import { demo } from './demo.ts';
import { doctor } from './doctor.ts';
import { jobs } from './jobs.ts';
import { keys } from './keys.ts';
import { migrateCommand } from './migrate.ts';
import { start, web, worker } from './serve.ts';
import { storage } from './storage.ts';

const commands: Record<string, Command> = {
  start,
  web,
  worker,
  migrate: migrateCommand,
  keys,
  jobs,
  storage,
  doctor,
  demo,
};

const help = `Usage: vidgen COMMAND [OPTIONS]

${Object.entries(commands)
  .map(([name, command]) => `  ${name.padEnd(10)}${command.summary}`)
  .join('\n')}

vidgen COMMAND --help tells more. Settings come from the environment; see the README.`;

/**
 * Runs a command to its end; returns the exit status. 2: it was called wrongly.
 *
 * @param env what the settings are read from
 */
export const vidgen = (args: string[], env: NodeJS.ProcessEnv = process.env): Promise<number> =>
  run(args, env).catch(report);

async function run([name = '', ...args]: string[], env: NodeJS.ProcessEnv): Promise<number> {
  if (name === '' || name === '--help' || name === '-h' || name === 'help') {
    console.log(help);
    return name === '' ? 2 : 0;
  }
  const command = commands[name];
  if (!command) throw new UsageError(`There is no command "${name}".\n\n${help}`);
  if (args.includes('--help') || args.includes('-h')) {
    console.log(command.help);
    return 0;
  }
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({ args, options: command.options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${command.help}`);
  }
  return command.run({
    config: loadConfig(env),
    positionals: parsed.positionals,
    options: parsed.values,
  });
}

/** A wrong word or setting is the operator's to mend: a sentence. The rest is ours: the stack as well. */
function report(error: unknown): number {
  const expected =
    error instanceof UsageError ||
    error instanceof ConfigError ||
    error instanceof MigrationError ||
    (error as { expected?: boolean }).expected ||
    (error as { code?: string }).code?.startsWith('VG');
  if (!expected && toApiError(error).code === 'database_unavailable') {
    console.error(
      `PostgreSQL cannot be reached (${(error as { code?: string }).code}). "vidgen doctor" tells more.`,
    );
    return 1;
  }
  console.error(expected ? (error as Error).message : error);
  return error instanceof UsageError ? 2 : 1;
}
