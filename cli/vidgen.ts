import { parseArgs } from 'node:util';
import { ConfigError, loadConfig } from '../src/config.ts';
import { MigrationError } from '../src/migrate.ts';
import { type Command, UsageError } from './command.ts';
import { demo } from './demo.ts';
import { keys } from './keys.ts';
import { migrateCommand } from './migrate.ts';
import { start, web, worker } from './serve.ts';

const commands: Record<string, Command> = {
  start,
  web,
  worker,
  migrate: migrateCommand,
  keys,
  demo,
};

const help = `Usage: vidgen COMMAND [OPTIONS]

${Object.entries(commands)
  .map(([name, command]) => `  ${name.padEnd(10)}${command.summary}`)
  .join('\n')}

vidgen COMMAND --help tells more. Settings come from the environment; see the README.`;

async function main([name = '', ...args]: string[]): Promise<number> {
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
    config: loadConfig(),
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
  console.error(expected ? (error as Error).message : error);
  return error instanceof UsageError ? 2 : 1;
}

// All that was opened is closed by now; what still lingers must not keep the process.
process.exit(await main(process.argv.slice(2)).catch(report));
