import type { LookupFunction } from 'node:net';
import { Client, type Dispatcher, ProxyAgent } from 'undici';
import { guardedConnector } from './address.ts';
import type { Cidr } from './webhook_url.ts';

/** How this service reaches the addresses that callers name. */
export type Transport = {
  /** Ranges that are opened although they are not public. */
  allow: Cidr[];
  /** Sends everything through this egress proxy: `http://user:password@host:port`. */
  proxyUrl?: string;
  /** PEM; trusted in place of the usual roots. */
  ca?: string;
  lookup?: LookupFunction;
};

/** Milliseconds without a byte, before the headers of an answer and within its body. */
export type Idle = { idleMs?: number };

/**
 * One connection to the URL's origin for one request. Variables such as HTTPS_PROXY count for nothing:
 * they would take a request past the guard. `pipelining: 0` makes undici say "Connection: close".
 */
export function connection(
  url: URL,
  { proxyUrl, ca, idleMs, ...guard }: Transport & Idle,
  signal: AbortSignal,
): Dispatcher {
  if (!proxyUrl) {
    return new Client(url.origin, {
      pipelining: 0,
      headersTimeout: idleMs,
      bodyTimeout: idleMs,
      connect: guardedConnector({ ...guard, ca, signal, timeoutMs: idleMs }),
    });
  }
  // Through a proxy only the check of the text and of the certificate are left to us: the proxy
  // resolves the name and makes the connection, so the proxy must refuse private addresses.
  // The proxy itself may well be private: the operator named it, not a caller.
  return new ProxyAgent({
    uri: proxyUrl,
    pipelining: 0,
    requestTls: { ca, rejectUnauthorized: true, allowH2: false },
    proxyTls: { ca, rejectUnauthorized: true, allowH2: false },
  });
}

/** Seconds from now, of a Retry-After header in either of its forms: seconds or a date. */
export function parseRetryAfter(header: string | string[] | undefined): number | null {
  const text = String(header ?? '').trim();
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const time = text.endsWith(' GMT') ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? null : Math.max(0, Math.ceil((time - Date.now()) / 1000));
}
