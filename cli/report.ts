import { VidgenError } from '../client/index.ts';
import { toApiError } from '../src/errors.ts';
import { OperatorError } from '../src/operator_error.ts';
import { UsageError } from './command.ts';

/** What PostgreSQL refuses by its settings: its own words, then what to do. By SQLSTATE. */
const remedies: [RegExp, string][] = [
  [/^3D000$/, 'Create it, or see that DATABASE_URL names the right one.'],
  [/^28/, 'See that DATABASE_URL has the right user and password.'],
  [
    /^42501$/,
    'Connect as the owner of the database, or as a role that may: "vidgen roles --help" tells of them.',
  ],
  [/^(3F000|42P01|42883)$/, 'The database is not of this version: run "vidgen migrate".'],
];
/** The same of the drivers, which give no code. */
const driverRemedies: [RegExp, string][] = [
  [/^SASL/, 'See that DATABASE_URL has the right user and password.'],
  [/does not support SSL/, 'Take ?sslmode= out of DATABASE_URL, or set PGSSLMODE=disable.'],
];
const lost = /^Connection terminated|timeout expired|timeout exceeded/;

/** Tells on stderr why a command failed; returns the exit status. What is no operator's to mend has a stack. */
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
