import { VidgenError } from '../client/index.ts';
import { toApiError } from '../src/errors.ts';
import { OperatorError } from '../src/operator_error.ts';
import { UsageError } from './command.ts';

/** PostgreSQL's refusals, by SQLSTATE: its own words, followed by what to do. */
const remedies: [RegExp, string][] = [
  [/^3D000$/, 'Create it, or see that DATABASE_URL names the right one.'],
  [/^28/, 'See that DATABASE_URL has the right user and password.'],
  [
    /^42501$/,
    'Connect as the owner of the database, or as a role that may: "vidgen roles --help" tells of them.',
  ],
  [/^(3F000|42P01|42883)$/, 'The database is not of this version: run "vidgen migrate".'],
];
/** The same for errors of the drivers, which have no code. */
const driverRemedies: [RegExp, string][] = [
  [/^SASL/, 'See that DATABASE_URL has the right user and password.'],
  [/does not support SSL/, 'Take ?sslmode= out of DATABASE_URL, or set PGSSLMODE=disable.'],
];
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
  const remedy =
    remedies.find(([pattern]) => pattern.test(String(code)))?.[1] ??
    driverRemedies.find(([pattern]) => pattern.test(message))?.[1];
  if (remedy) return `PostgreSQL: ${message}. ${remedy}`;
  if (toApiError(error).code === 'database_unavailable' || lost.test(message))
    return `PostgreSQL cannot be reached (${code ?? message}). "vidgen doctor" tells more.`;
  return undefined;
}
