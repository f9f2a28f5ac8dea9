import { parseArgs } from 'node:util';
import { loadConfig } from '../src/config.ts';
import { commit } from '../src/process/commit.ts';
import { version } from '../src/process/version.ts';
import { type Commands, named, UsageError } from './command.ts';
import { report } from './report.ts';

/** Each command loads only what it needs: a web process loads no renderer, and a list of keys no server. */
const commands: Commands = {
  start: async () => (await import('./serve.ts')).start,
  web: async () => (await import('./serve.ts')).web,
  worker: async () => (await import('./serve.ts')).worker,
  migrate: async () => (await import('./migrate.ts')).migrateCommand,
  roles: async () => (await import('./roles.ts')).roles,
  keys: async () => (await import('./keys.ts')).keys,
  jobs: async () => (await import('./jobs.ts')).jobs,
  storage: async () => (await import('./storage.ts')).storage,
  doctor: async () => (await import('./doctor.ts')).doctor,
  make: async () => (await import('./make.ts')).make,
  mcp: async () => (await import('./mcp.ts')).mcp,
  demo: async () => (await import('./demo.ts')).demo,
  man: async () => (await import('./man.ts')).manOf(commands, version),
  completion: async () => (await import('./completion.ts')).completionOf(commands),
};

async function help(): Promise<string> {
  const lines = Object.entries(commands).map(
    async ([name, load]) => `  ${name.padEnd(12)}${(await load()).summary}`,
  );
  return `Usage: vidgen COMMAND [OPTIONS]

${(await Promise.all(lines)).join('\n')}

vidgen COMMAND --help tells more, vidgen --version the version. Settings come from the environment; see docs/settings.md.`;
}

/**
 * Runs a command to its end; returns the exit status. 2: it was used incorrectly.
 *
 * @param env where the settings are read from
 */
export const vidgen = (args: string[], env: NodeJS.ProcessEnv = process.env): Promise<number> =>
  run(args, env).catch(report);

async function run([name = '', ...args]: string[], env: NodeJS.ProcessEnv): Promise<number> {
  if (name === 'help' && args[0]) return run([args[0], '--help'], env);
  if (name === '' || name === '--help' || name === '-h' || name === 'help') {
    console.log(await help());
    return name === '' ? 2 : 0;
  }
  if (name === '--version' || name === '-v') {
    const made = commit();
    console.log(made ? `${version} (${made.hash}, ${made.day})` : version);
    return 0;
  }
  const load = named(commands, name);
  if (!load) throw new UsageError(`There is no command "${name}".\n\n${await help()}`);
  const command = await load();
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
  const surplus = parsed.positionals[command.words ?? 0];
  if (surplus !== undefined) {
    throw new UsageError(
      `"${surplus}" is one word too many. A name of several words stands in quotes.\n\n${command.help}`,
    );
  }
  return command.run({
    config: loadConfig(env, command.requires),
    positionals: parsed.positionals,
    options: parsed.values,
  });
}
