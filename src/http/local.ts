import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';

/**
 * Whether the request comes from a program or browser on this machine. The socket must be local, and so must the
 * host that the request names, because a page from elsewhere can let its own name resolve to 127.0.0.1. A proxy in
 * between does not count as local: its clients may be anywhere.
 */
export function isLocal({ env }: { env: { incoming: IncomingMessage } }): boolean {
  const { socket, headers } = env.incoming;
  const isForwarded = Object.keys(headers).some((name) => forwarding.test(name));
  return !isForwarded && isLoopback(socket.remoteAddress) && isLocalName(headers.host);
}

/**
 * Whether callers come from this machine alone, as to a developer's own service. A service that has an address
 * elsewhere is behind a proxy on this machine, which need not say so.
 */
export const isOwnService = (publicUrl: string): boolean => isLocalName(new URL(publicUrl).host);

const forwarding = /^(forwarded|via|x-forwarded-.*|x-real-ip)$/;

const isLoopback = (address = '') =>
  ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';

function isLocalName(host = ''): boolean {
  const name = URL.parse(`http://${host}`)?.hostname ?? '';
  return /(^|\.)localhost$/.test(name) || isLoopback(name.replace(/^\[(.*)\]$/, '$1'));
}
