import { VidgenError } from './error.ts';
import type { JobStatus } from './follow.ts';

type HeaderValues = Headers | Record<string, string | string[] | undefined>;

/** How old a delivery may be, and how far ahead its clock. */
const toleranceSeconds = 300;

/**
 * Verifies that a webhook comes from the service, and returns what it says. Checks the Standard Webhooks
 * signature (`webhook-signature`, with its time) and `X-Webhook-Signature`: those that are present must be
 * right, and at least one must be present. Throws VidgenError `invalid_signature`.
 *
 * @param body as received, not parsed
 * @param secret `whsec_…`, or several while one is being replaced
 */
export async function verifyWebhook(
  body: string | Uint8Array | ArrayBuffer,
  headers: HeaderValues,
  secret: string | string[],
): Promise<JobStatus> {
  const bytes = typeof body === 'string' ? utf8(body) : new Uint8Array(body);
  const secrets = [secret].flat();
  const standard = header(headers, 'webhook-signature');
  const hex = header(headers, 'x-webhook-signature');
  if (!standard && !hex) throw invalid('has no signature');
  if (standard) {
    const id = header(headers, 'webhook-id');
    const timestamp = header(headers, 'webhook-timestamp');
    const age = Math.abs(Date.now() / 1000 - Number(timestamp || Number.NaN));
    if (!(age <= toleranceSeconds)) throw invalid('is older than five minutes, or has no time');
    const signed = joined(utf8(`${id}.${timestamp}.`), bytes);
    const signatures = standard.split(' ').filter((one) => one.startsWith('v1,'));
    const keys = secrets.map((one) => decoded(one.replace(/^whsec_/, ''), 'base64'));
    const values = signatures.map((one) => decoded(one.slice(3), 'base64'));
    if (!(await isSigned(signed, keys, values))) throw invalid('was signed with another secret');
  }
  if (hex && !(await isSigned(bytes, secrets.map(utf8), [decoded(hex, 'hex')])))
    throw invalid('was signed with another secret');
  return JSON.parse(new TextDecoder().decode(bytes)) as JobStatus;
}

const invalid = (fault: string) =>
  new VidgenError('invalid_signature', `The webhook ${fault}. Answer it with 401.`);

type Bytes = Uint8Array<ArrayBuffer>;

const utf8 = (text: string): Bytes => new TextEncoder().encode(text);

/** Whether one of the signatures was made with one of the keys; takes the same time whatever they are. */
async function isSigned(signed: Bytes, keys: Bytes[], signatures: Bytes[]): Promise<boolean> {
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  for (const bytes of keys) {
    if (bytes.length === 0) continue;
    const key = await crypto.subtle.importKey('raw', bytes, hmac, false, ['verify']);
    for (const signature of signatures)
      if (await crypto.subtle.verify('HMAC', key, signature, signed)) return true;
  }
  return false;
}

function header(headers: HeaderValues, name: string): string {
  if (headers instanceof Headers) return headers.get(name) ?? '';
  const found = Object.entries(headers).find(([given]) => given.toLowerCase() === name);
  return String([found?.[1] ?? ''].flat()[0]);
}

/** Empty when the text is of another kind. */
function decoded(text: string, kind: 'base64' | 'hex'): Bytes {
  if (kind === 'hex') {
    if (!/^([0-9a-f]{2})*$/i.test(text)) return new Uint8Array();
    return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  }
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

function joined(first: Bytes, second: Uint8Array): Bytes {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
