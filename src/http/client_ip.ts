import type { Context } from 'hono';
import ipaddr from 'ipaddr.js';
import type { AppEnv } from './app_env.ts';

/**
 * The identity under which a client is counted: an IPv4 address, or the /56 of an IPv6 address (what one
 * customer gets). IPv4-mapped IPv6 counts as IPv4.
 *
 * @param source where the operator says the address is: `socket`, `xff:N` (Nth entry of X-Forwarded-For
 * counted from the right) or `header:NAME`. If it is missing or not an address, the socket counts, so a
 * forged header does not let a client pass for another.
 */
export function clientOf(
  source: string,
  header: (name: string) => string | undefined,
  socketAddress: string | undefined,
): string {
  return bucket(named(source, header)) ?? bucket(socketAddress) ?? 'unknown';
}

/** The address under which a request is counted. */
export const addressOf = (c: Context<AppEnv>): string =>
  clientOf(
    c.var.config.clientIpSource,
    (name) => c.req.header(name),
    c.env.incoming.socket.remoteAddress,
  );

function named(source: string, header: (name: string) => string | undefined): string | undefined {
  const [kind, argument = ''] = source.split(':', 2);
  if (kind === 'header') return header(argument);
  if (kind === 'xff') return header('X-Forwarded-For')?.split(',').at(-Number(argument));
  return undefined;
}

function bucket(text: string | undefined): string | undefined {
  // Some proxies add a port: 192.0.2.1:4711 or [2001:db8::1]:4711.
  const bare = text
    ?.trim()
    .replace(/^\[([^\]]*)\](:\d+)?$|^([\d.]+):\d+$/, (_, six, __, four) => six ?? four);
  if (!bare || !(ipaddr.IPv6.isValid(bare) || ipaddr.IPv4.isValidFourPartDecimal(bare)))
    return undefined;
  const address = ipaddr.process(bare);
  if (address.kind() === 'ipv4') return address.toString();
  const network = ipaddr.IPv6.networkAddressFromCIDR(
    `${address.toNormalizedString().replace(/%.*/, '')}/56`,
  );
  return `${network.toString()}/56`;
}
