import { VidgenError } from '../client/index.ts';
import { OperatorError } from '../src/operator_error.ts';
import { isAway } from '../src/postgres/away.ts';
import { faultOf, sentenceOf } from '../src/postgres/fault.ts';
import { UsageError } from './command.ts';

/**
 * Reports on stderr why a command failed; returns the exit status. Errors that an operator cannot fix include
 * a stack.
 */
export function report(error: unknown): number {
  console.error(sentence(error) ?? error);
  return error instanceof UsageError ? 2 : 1;
}

function sentence(error: unknown): string | undefined {
  const { code, message = '' } = error as { code?: unknown; message?: string };
  if (error instanceof OperatorError || error instanceof VidgenError || /^VG\d/.test(String(code)))
    return message;
  const fault = faultOf(error);
  if (fault) return sentenceOf(fault);
  if (isAway(error))
    return `PostgreSQL cannot be reached (${code ?? message}). "vidgen doctor" tells more.`;
  return undefined;
}
