import type { LookupFunction } from 'node:net';
import { Client, type Dispatcher, ProxyAgent } from 'undici';
import { guardedConnector } from './address.ts';
import type { Cidr } from './webhook_url.ts';

/** How this service reaches the addresses that callers name. */
export type Transport = {
  /** Ranges that are allowed although they are not public. */
  ranges: Cidr[];
  /** Sends everything through this egress proxy: `http://user:password@host:port`. */
  proxyUrl?: string;
  /** PEM; replaces the usual trusted roots. */
  ca?: string;
  lookup?: LookupFunction;
};

/** Milliseconds without a byte, before the headers of an answer and within its body. */
export type Idle = { idleMs?: number };

/**
 * One connection to the URL's origin for one request. Variables such as HTTPS_PROXY are ignored, because they
 * would route a request around the guard. `pipelining: 0` makes undici send "Connection: close".
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
  // Through a proxy only the URL's text and the certificate can be checked here. The proxy resolves the name
  // and connects, so the proxy must refuse private addresses. The proxy itself may be private, because the
  // operator chose it, not a caller.
  return new ProxyAgent({
    uri: proxyUrl,
    pipelining: 0,
    requestTls: { ca, rejectUnauthorized: true, allowH2: false },
    proxyTls: { ca, rejectUnauthorized: true, allowH2: false },
  });
}

/** Seconds from now, from a Retry-After header in either form: seconds or a date. */
export function parseRetryAfter(header: string | string[] | undefined): number | null {
  const text = String(header ?? '').trim();
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const time = text.endsWith(' GMT') ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? null : Math.max(0, Math.ceil((time - Date.now()) / 1000));
}
