import { OperatorError } from '../operator_error.ts';

/** What is wrong with the database or the way to it, and what an operator does about it. */
export type Fault = { found: string; remedy: string };

type Case = {
  /** Of a SQLSTATE, or of an error code of Node.js, TLS or a driver. */
  code?: RegExp;
  message?: RegExp;
  /** Instead of the error's own words. */
  found?: string;
  remedy: string;
};

const credentials = 'See that DATABASE_URL has the right user and password.';
const authority =
  'Name the file of its authority in DATABASE_URL, ?sslmode=verify-full&sslrootcert=FILE, or encrypt without checking, ?sslmode=require.';
const pooler =
  'Set DATABASE_DIRECT_URL to an address of PostgreSQL past the pooler: docs/deploy.md#pgbouncer.';

/** The first that fits counts. */
const cases: Case[] = [
  {
    message: /no encryption$|SSL (connection is )?required|SSL\/TLS required/i,
    remedy: 'The server wants TLS: append ?sslmode=require to DATABASE_URL, or set PGSSLMODE.',
  },
  { message: /no pg_hba\.conf entry/, remedy: 'Allow this host and user in pg_hba.conf.' },
  {
    code: /^CERT_HAS_EXPIRED$/,
    found: 'The certificate of the PostgreSQL server has expired.',
    remedy: 'Renew it there. Until then, ?sslmode=require encrypts without checking it.',
  },
  {
    code: /SELF_SIGNED_CERT|^UNABLE_TO_(VERIFY|GET_ISSUER)|^CERT_UNTRUSTED/,
    found: 'The certificate of the PostgreSQL server is signed by an authority unknown here.',
    remedy: authority,
  },
  {
    code: /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    remedy: 'Give the host name that the certificate was made for in DATABASE_URL.',
  },
  {
    code: /^(EPROTO|ERR_SSL_)/,
    remedy: 'The server does not speak TLS there: see the port and ?sslmode= of DATABASE_URL.',
  },
  {
    message: /does not support SSL/,
    remedy: 'Take ?sslmode= out of DATABASE_URL, or set PGSSLMODE=disable.',
  },
  {
    code: /^53300$/,
    remedy:
      'All connections are taken: lower DATABASE_POOL_SIZE, run fewer processes, or allow more. "vidgen doctor" counts them; docs/deploy.md#connections tells what each process needs.',
  },
  {
    code: /^53100$/,
    found: 'The disk of PostgreSQL is full.',
    remedy:
      'Enlarge it, or delete what else is on it: deleting rows needs room too. docs/growing-storage.md tells more.',
  },
  { code: /^(28P01)$/, remedy: credentials },
  { message: /^SASL/, remedy: credentials },
  {
    message: /is not permitted to log in/,
    remedy: "Let it log in: alter role NAME login password '…'.",
  },
  { code: /^28/, remedy: credentials },
  { code: /^3D000$/, remedy: 'Create it, or see that DATABASE_URL names the right one.' },
  {
    code: /^42501$/,
    remedy:
      'Connect as the owner of the database, or as a role that may: "vidgen roles --help" tells of them.',
  },
  { code: /^(26000|42P05)$/, found: 'A transaction pooler stands between.', remedy: pooler },
  {
    code: /^(3F000|42P01|42883)$/,
    remedy: 'The database is not of this version: run "vidgen migrate".',
  },
  { code: /^57P03$/, remedy: 'It starts or stops just now: try again in a moment.' },
  { code: /^25006$/, remedy: 'This is a standby: name the primary server in DATABASE_URL.' },
];

/**
 * Says what an error of PostgreSQL, of its drivers or of TLS means, looking at its causes too. Undefined for
 * every other error, and for a server that is away.
 */
export function faultOf(error: unknown): Fault | undefined {
  for (let one = error, depth = 0; one && depth < 5; one = causeOf(one), depth++) {
    const { code, message = '' } = one as { code?: unknown; message?: string };
    const known = cases.find(
      (given) => given.code?.test(String(code)) || given.message?.test(message),
    );
    if (known) {
      const found = known.found ?? `PostgreSQL: ${message.replace(/\.$/, '')}.`;
      return { found, remedy: known.remedy };
    }
  }
  return undefined;
}

const causeOf = (error: unknown) => (error as { cause?: unknown }).cause;

export const sentenceOf = ({ found, remedy }: Fault): string => `${found} ${remedy}`;

/** VidGen uses what this version brought. */
const oldestPostgres = { number: 150_000, name: '15' };

/** Throws OperatorError. */
export function requireVersion({ number, text }: { number: number; text: string }): void {
  if (number >= oldestPostgres.number) return;
  throw new OperatorError(
    `PostgreSQL ${text} is too old: VidGen needs ${oldestPostgres.name} or newer.`,
  );
}

/** For a process that found a transaction pooler where it needs a session of its own. */
export const poolerBetween = () =>
  new OperatorError(
    `DATABASE_URL leads through a pooler that lends its connections for single transactions. ${pooler}`,
  );
