import { ownProgram } from '../box/own_program.ts';
import { MediaError, machineError } from '../errors.ts';
import { runChild, type Task } from './child.ts';

/** The answer when the caller's file is at fault. */
export type Refusal = { refusal: string; cause?: string };

/** Sentences of ours are shorter, but a program that was taken over says what it likes. */
const longestSentence = 500;

/**
 * Runs a module below worker/media in a box and returns its answer, which it prints as JSON. A refusal is thrown as
 * MediaError. Whoever uses the answer must check it: a file of the caller's may have taken the program over.
 */
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
  const answer: Answer | Refusal = JSON.parse(stdout.toString());
  if (!isRefusal(answer)) return answer;
  throw new MediaError(`${answer.refusal}`.slice(0, longestSentence), { cause: answer.cause });
}

const isRefusal = (answer: unknown): answer is Refusal =>
  typeof answer === 'object' && answer !== null && 'refusal' in answer;
