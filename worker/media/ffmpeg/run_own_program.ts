import { ownProgram } from '../box/own_program.ts';
import { machineError } from '../errors.ts';
import { runChild, type Task } from './child.ts';

/** Runs a module below worker/media in a box and returns its answer, which it prints as JSON. */
export async function runOwnProgram<Answer>(
  module: string,
  argument: string,
  task: Omit<Task, 'program' | 'args'>,
): Promise<Answer> {
  const { program, args, readable, env } = await ownProgram(module);
  const { code, stdout, stderr } = await runChild({
    ...task,
    program,
    args: [...args, argument],
    readable: [...readable, ...(task.readable ?? [])],
    env: { ...env, ...task.env },
  });
  if (code !== 0) throw machineError(stderr);
  return JSON.parse(stdout.toString());
}
