import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { startVidgen, vidgen } from '../support/command.ts';
import type { Cleanup } from '../support/database.ts';

export type Page = {
  /** Runs the commands before the next one that begins with this text; returns the output of each. */
  upTo(beginning: string): Promise<string[]>;
  /** Runs all remaining commands. */
  rest(): Promise<string[]>;
};

/**
 * The commands of a page of docs/, run as they stand there, one after another, in `env`: what
 * one exports is set for the next and for the caller. `vidgen web` and `vidgen worker` keep running
 * until the test ends.
 */
export async function openPage(
  name: string,
  env: NodeJS.ProcessEnv,
  cleanup: Cleanup,
  cwd = '.',
): Promise<Page> {
  const bash = async (script: string) =>
    (await promisify(execFile)('bash', ['-euc', script], { env, cwd })).stdout;
  const text = await readFile(`docs/${name}.md`, 'utf8');
  const commands = [...text.matchAll(/^ *```sh\n(.*?)^ *```$/gms)].flatMap(([, block = '']) =>
    block
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
  );
  assert.ok(commands.length > 0, `docs/${name}.md has no commands`);

  async function run(command: string): Promise<string> {
    const exported = /^export (\w+)=/.exec(command)?.[1];
    if (exported) {
      env[exported] = await bash(`${command}; printf %s "$${exported}"`);
      return '';
    }
    const [call, settings] = /^((?:\w+=\S+ )*)vidgen(?= )/.exec(command) ?? [];
    if (call === undefined) return bash(command);
    const own = { ...env };
    for (const [, name = '', value] of (settings ?? '').matchAll(/(\w+)=(\S+) /g))
      own[name] = await bash(`printf %s ${value}`);
    const words = await bash(command.replace(call, 'printf "%s\\0"'));
    const args = words.split('\0').slice(0, -1);
    if (args[0] === 'web' || args[0] === 'worker') {
      const service = startVidgen(own, ...args);
      cleanup.after(() => service.kill('SIGKILL'));
      return '';
    }
    const { code, stdout, stderr } = await vidgen(own, ...args);
    assert.equal(code, 0, `${command}\n${stdout}${stderr}`);
    return stdout;
  }

  async function runAll(some: string[]): Promise<string[]> {
    const printed: string[] = [];
    for (const command of some) printed.push(await run(command));
    return printed;
  }

  return {
    upTo: (beginning) => {
      const at = commands.findIndex((command) => command.startsWith(beginning));
      assert.notEqual(at, -1, `docs/${name}.md has no more "${beginning}"`);
      return runAll(commands.splice(0, at));
    },
    rest: () => runAll(commands.splice(0)),
  };
}
