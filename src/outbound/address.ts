import dns from 'node:dns';
import net, { isIP, type LookupFunction, type TcpNetConnectOpts } from 'node:net';
import tls from 'node:tls';
import type { buildConnector } from 'undici';
import { type Cidr, isReachable } from './webhook_url.ts';

/** The host is, or resolves to, an address that this service must not contact for a caller. */
export class BlockedAddress extends Error {}

/**
 * A DNS look-up that fails with BlockedAddress when any of the host's addresses is forbidden: a host with a
 * public and a private address is refused as a whole.
 */
function guardedLookup(ranges: Cidr[], lookup: LookupFunction = dns.lookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, answer) => {
      if (error) return callback(error, []);
      const found = Array.isArray(answer) ? answer : [{ address: answer, family: isIP(answer) }];
      const [first] = found;
      if (!first || !found.every(({ address }) => isReachable(address, ranges))) {
        return callback(new BlockedAddress(), []);
      }
      if (options.all) callback(null, found);
      else callback(null, first.address, first.family);
    });
  };
}

let usualRoots: tls.SecureContext | undefined;

/** Making a context for each connection would cost a tenth of what the handshake does. */
const trusting = (ca: string | undefined): tls.SecureContext => {
  if (ca !== undefined) return tls.createSecureContext({ ca });
  usualRoots ??= tls.createSecureContext();
  return usualRoots;
};

/**
 * Makes undici's connections, with and without TLS, to allowed addresses only. Look-up and connection are one
 * step, so DNS cannot change its answer in between. `ca` (PEM) replaces the trusted roots. `timeoutMs` limits
 * connecting, `signal` the whole life of the connection.
 */
export function guardedConnector(o: {
  ranges: Cidr[];
  signal: AbortSignal;
  lookup?: LookupFunction;
  ca?: string;
  timeoutMs?: number;
}): buildConnector.connector {
  return ({ hostname, port, protocol }, callback) => {
    const host = hostname.replace(/^\[|\]$/g, '');
    // Node looks up no literal address, so a guard in the look-up alone would let it pass.
    if (isIP(host) && !isReachable(host, o.ranges)) {
      return callback(new BlockedAddress(), null);
    }
    const isPlain = protocol === 'http:';
    const tcp: TcpNetConnectOpts = {
      host,
      port: Number(port || (isPlain ? 80 : 443)),
      lookup: guardedLookup(o.ranges, o.lookup),
      // The default of a quarter of a second gives up on distant receivers with several addresses.
      autoSelectFamilyAttemptTimeout: 2_000,
      signal: o.signal,
    };
    const socket = isPlain
      ? net.connect(tcp)
      : tls.connect({
          ...tcp,
          servername: isIP(host) ? '' : host,
          ALPNProtocols: ['http/1.1'],
          rejectUnauthorized: true,
          secureContext: trusting(o.ca),
        });
    // Checked before TLS starts: 0.0.0.0, for example, connects to 127.0.0.1.
    socket.prependOnceListener('connect', () => {
      if (!isReachable(socket.remoteAddress ?? '', o.ranges)) socket.destroy(new BlockedAddress());
    });
    const late = () => socket.destroy(Object.assign(new Error('late'), { code: 'ETIMEDOUT' }));
    const timer = o.timeoutMs === undefined ? undefined : setTimeout(late, o.timeoutMs);
    const fail = (error: Error) => {
      clearTimeout(timer);
      callback(error, null);
    };
    socket.once('error', fail);
    socket.once(isPlain ? 'connect' : 'secureConnect', () => {
      if (socket.destroyed) return;
      clearTimeout(timer);
      socket.off('error', fail);
      callback(null, socket);
    });
  };
}
