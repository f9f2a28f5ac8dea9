import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';

/**
 * Whether a program or browser of this very machine asks: by the socket, by the name it asks for (a page from
 * elsewhere can let its own name resolve to 127.0.0.1), and with no proxy in between, whose clients would be
 * anywhere.
 */
export function isLocal({ env }: { env: { incoming: IncomingMessage } }): boolean {
  const { socket, headers } = env.incoming;
  const isForwarded = Object.keys(headers).some((name) => forwarding.test(name));
  return !isForwarded && isLoopback(socket.remoteAddress) && isLocalName(headers.host);
}

const forwarding = /^(forwarded|via|x-forwarded-.*|x-real-ip)$/;

const isLoopback = (address = '') =>
  ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';

function isLocalName(host = ''): boolean {
  const name = URL.parse(`http://${host}`)?.hostname ?? '';
  return /(^|\.)localhost$/.test(name) || isLoopback(name.replace(/^\[(.*)\]$/, '$1'));
}
