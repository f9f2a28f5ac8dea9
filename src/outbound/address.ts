import dns from 'node:dns';
import { isIP, type LookupFunction, type TcpNetConnectOpts } from 'node:net';
import tls from 'node:tls';
import type { buildConnector } from 'undici';
import { type Cidr, isReachable } from './webhook_url.ts';

/** The host is, or resolves to, an address that webhooks may not reach. */
export class BlockedAddress extends Error {}

/**
 * A DNS look-up that fails with BlockedAddress when any one of the host's addresses may not be
 * reached: a host with a public and a private address is refused as a whole.
 */
function guardedLookup(allow: Cidr[], lookup: LookupFunction = dns.lookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, answer) => {
      if (error) return callback(error, []);
      const found = Array.isArray(answer) ? answer : [{ address: answer, family: isIP(answer) }];
      const [first] = found;
      if (!first || !found.every(({ address }) => isReachable(address, allow))) {
        return callback(new BlockedAddress(), []);
      }
      if (options.all) callback(null, found);
      else callback(null, first.address, first.family);
    });
  };
}

/**
 * Makes undici's TLS connections, to allowed addresses only. The look-up and the connection are one
 * step, so DNS has no time to change its mind in between. `ca` (PEM) replaces the trusted roots.
 */
export function guardedConnector(o: {
  allow: Cidr[];
  signal: AbortSignal;
  lookup?: LookupFunction;
  ca?: string;
}): buildConnector.connector {
  return ({ hostname, port }, callback) => {
    // Node looks up no literal address, so a guard in the look-up alone would let it pass.
    if (isIP(hostname) && !isReachable(hostname, o.allow)) {
      return callback(new BlockedAddress(), null);
    }
    const options: tls.ConnectionOptions &
      Pick<TcpNetConnectOpts, 'autoSelectFamilyAttemptTimeout' | 'signal'> = {
      host: hostname,
      port: Number(port || 443),
      servername: isIP(hostname) ? '' : hostname,
      lookup: guardedLookup(o.allow, o.lookup),
      // The default quarter of a second gives up on far receivers that have several addresses.
      autoSelectFamilyAttemptTimeout: 2_000,
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: true,
      ca: o.ca,
      signal: o.signal,
    };
    const socket = tls.connect(options);
    // Before TLS says a word: 0.0.0.0, for one, connects to 127.0.0.1.
    socket.prependOnceListener('connect', () => {
      if (!isReachable(socket.remoteAddress ?? '', o.allow)) socket.destroy(new BlockedAddress());
    });
    const fail = (error: Error) => callback(error, null);
    socket.once('error', fail);
    socket.once('secureConnect', () => {
      socket.off('error', fail);
      callback(null, socket);
    });
  };
}
