import * as z from 'zod';
import { parseCidrs } from '../outbound/webhook_url.ts';
import { faultOfAddress } from '../postgres/address.ts';

// The kinds of values that environment variables have. Each error completes a sentence that begins with the name of
// the variable.

const list = (text: string) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);

/** A whole number; anything else gets a sentence. */
export function whole(min: number, max = Number.MAX_SAFE_INTEGER) {
  const range = max < Number.MAX_SAFE_INTEGER ? `from ${min} to ${max}` : `of ${min} or more`;
  const error = `must be a whole number ${range}`;
  return z.coerce.number({ error }).int({ error }).min(min, { error }).max(max, { error });
}
export const port = whole(0, 65_535);
export const positive = (fallback: number) => whole(1).default(fallback);

/** A whole number, or `none`: undefined. */
export function limit(fallback: number) {
  const error = 'must be a whole number of 1 or more, or none';
  const number = z.coerce.number({ error }).int({ error }).min(1, { error }).optional();
  return z.preprocess((text) => (text === 'none' ? undefined : text), number).default(fallback);
}

export function span(unit: string, max: number, fallback: number) {
  const error = `must be a number of ${unit} from 0 to ${max}`;
  return z.coerce.number({ error }).min(0, { error }).max(max, { error }).default(fallback);
}

export const postgresUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\//, 'must begin with postgres:// or postgresql://')
  .refine(isAddress, {
    // Never includes the address, which contains a password.
    error: 'is not a valid address: write # / ? @ % in the password as %23 %2F %3F %40 %25',
  })
  .superRefine((url, ctx) => {
    const fault = faultOfAddress(url);
    if (fault) ctx.addIssue(fault);
  });

function isAddress(text: string): boolean {
  try {
    const { hash, username, password } = new URL(text);
    // Throws when a % is not part of an escape.
    decodeURIComponent(username + password);
    return hash === '';
  } catch {
    return false;
  }
}

export const cidrs = (isOpen: boolean) =>
  z
    .string()
    .default('')
    .transform((text, ctx) => {
      try {
        return parseCidrs(text, isOpen);
      } catch (error) {
        ctx.addIssue((error as Error).message);
        return z.NEVER;
      }
    });

/** Where callers reach this service, without a slash at its end. */
export const ownUrl = z
  .url({ protocol: /^https?$/, error: 'must be an absolute http(s) URL' })
  .refine((url) => !/[?#]/.test(url), { error: 'must have neither ? nor #' })
  .transform((url) => url.replace(/\/+$/, ''));

const aYear = 31_536_000;

/** Seconds from one try to the next. */
export const retrySchedule = z
  .string()
  .default('5,300,1800,7200,18000,36000,36000')
  .transform((text, ctx) => {
    const steps = list(text).map(Number);
    if (steps.some((step) => !(step >= 0 && step <= aYear))) {
      ctx.addIssue('must be seconds (at most a year), separated by commas');
      return z.NEVER;
    }
    return steps;
  });

/**
 * Includes the origins of browser extensions and apps such as `chrome-extension://…`, which URL does not
 * parse.
 */
const isOrigin = (text: string) => /^[a-z][a-z\d+.-]*:\/\/[^\s/?#]+$/i.test(text);

export const origins = z
  .string()
  .default('')
  .transform(list)
  .refine((origins) => origins.every((origin) => origin === '*' || isOrigin(origin)), {
    error: 'must be * or origins such as https://app.example.com, separated by commas',
  });

/** 32 bytes each. */
export const secretsKeys = z
  .string()
  .default('')
  .transform((text, ctx) => {
    const keys = list(text).map(
      (key): Buffer => Buffer.from(key, /^[\da-f]{64}$/i.test(key) ? 'hex' : 'base64'),
    );
    if (keys.some((key) => key.length !== 32)) {
      ctx.addIssue(
        'must be 32 random bytes in base64 or hex ("openssl rand -base64 32" makes them), or several with commas between',
      );
      return z.NEVER;
    }
    return keys;
  });
