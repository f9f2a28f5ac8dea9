import { domainToUnicode } from 'node:url';

/**
 * Whether DNS could hold the host of a URL: parts of 1 to 63 characters, 253 in all, and no part in Punycode that
 * cannot be decoded. Depending on its version, Node.js parses such a part (`xn--a`) and then leaves it as it is.
 */
export function isHostName(hostname: string): boolean {
  const name = hostname.replace(/\.$/, '');
  return (
    name.length <= 253 &&
    name.split('.').every((part) => part.length >= 1 && part.length <= 63) &&
    !/^$|(^|\.)xn--/.test(domainToUnicode(name))
  );
}
