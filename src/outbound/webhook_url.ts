import ipaddr from 'ipaddr.js';
import { isHostName } from './host_name.ts';
import { namesBlockedPort } from './ports.ts';

/** An address range: the network's address, its prefix length in bits, and whether it is open or closed. */
export type Cidr = { network: ipaddr.IPv4 | ipaddr.IPv6; bits: number; isOpen: boolean };

const maxLength = 2048;

// The only part of IPv6 that is assigned as public address space. Denying the rest also denies addresses that
// embed IPv4 ones: ::/96, NAT64 (64:ff9b::/96, 64:ff9b:1::/48), and whatever special range is defined next.
const ipv6Public = ipaddr.parseCIDR('2000::/3');

// Looks public, but is the machine's own host on Azure.
const azureHost = ipaddr.parse('168.63.129.16');

/**
 * Parses comma-separated ranges such as `10.0.0.0/8,fd00::/8`; a bare address is a range of one. Throws an
 * Error that names the invalid part.
 */
export function parseCidrs(text: string, isOpen = true): Cidr[] {
  const parts = text.split(',').map((part) => part.trim());
  return parts
    .filter((part) => part !== '')
    .map(parseCidr)
    .map(([network, bits]) => ({ network, bits, isOpen }));
}

function parseCidr(part: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  if (ipaddr.isValidCIDR(part)) return ipaddr.parseCIDR(part);
  if (!ipaddr.IPv4.isValidFourPartDecimal(part) && !ipaddr.IPv6.isValid(part)) {
    throw new Error(`"${part}" is not an address range: write it like 10.0.0.0/8 or fd00::/8.`);
  }
  const address = ipaddr.parse(part);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

/** Whether requests may go to this IP address: the first of the ranges that contains it decides, else it must be public. */
export function isReachable(text: string, ranges: Cidr[]): boolean {
  if (!ipaddr.isValid(text)) return false;
  // An IPv4-mapped IPv6 address is judged as the IPv4 address to which packets will go.
  const address = ipaddr.process(text);
  const range = ranges.find(
    ({ network, bits }) => network.kind() === address.kind() && address.match(network, bits),
  );
  return range?.isOpen ?? isPublic(address);
}

function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4'
    ? !address.match(azureHost, 32)
    : address.match(ipv6Public[0], ipv6Public[1]);
}

/**
 * Checks a webhook URL by its text alone; nothing is looked up. `new URL` has already normalized the decimal,
 * octal, hexadecimal, percent-encoded and full-width forms of an address. `message` is a sentence for the
 * caller; `url` is its normal form.
 */
export function checkWebhookUrl(
  text: string,
  ranges: Cidr[],
): { ok: true; url: URL } | { ok: false; message: string } {
  const wrong = (message: string) => ({ ok: false as const, message: `webhookUrl ${message}` });
  if (text.length > maxLength) return wrong(`must be at most ${maxLength} characters long.`);
  // `new URL` alone would also accept "https:host", and silently drop line breaks and surrounding spaces.
  if (!/^https:\/\/[^\s/\\]\S*$/i.test(text))
    return wrong('must be an absolute URL that starts with https://, without spaces.');
  const url = URL.parse(text);
  if (!url || !isHostName(url.hostname))
    return wrong('must be a valid URL: check its host and port.');
  if (url.username || url.password) return wrong('must not contain a user name or a password.');
  if (namesBlockedPort(url))
    return wrong(`must not name port ${url.port}, which is not one that webhooks are received on.`);
  if (!isReachableHost(url.hostname, ranges)) {
    return wrong('must name a public host: private, loopback and link-local ones are refused.');
  }
  // A receiver never gets to see it.
  url.hash = '';
  if (url.href.length > maxLength)
    return wrong(`must be at most ${maxLength} characters long, with what is not ASCII encoded.`);
  return { ok: true, url };
}

/** Checks a host by its text: a name passes, an address must be reachable. */
export function isReachableHost(hostname: string, ranges: Cidr[]): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.+$/, '');
  if (host === 'localhost' || host.endsWith('.localhost')) return isReachable('127.0.0.1', ranges);
  return !ipaddr.isValid(host) || isReachable(host, ranges);
}
