import { VidgenError } from '../client/index.ts';
import { toApiError } from '../src/errors.ts';
import { OperatorError } from '../src/operator_error.ts';
import { faultOf, sentenceOf } from '../src/postgres/fault.ts';
import { UsageError } from './command.ts';

const lost = /^Connection terminated|timeout expired|timeout exceeded/;

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
  if (toApiError(error).code === 'database_unavailable' || lost.test(message))
    return `PostgreSQL cannot be reached (${code ?? message}). "vidgen doctor" tells more.`;
  return undefined;
}
