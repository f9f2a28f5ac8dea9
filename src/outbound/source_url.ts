import { isHostName } from './host_name.ts';
import { namesBlockedPort } from './ports.ts';
import { type Cidr, isReachableHost } from './webhook_url.ts';

const maxLength = 2048;

/** Tells an address from a path; whether it is a good one, `checkSourceUrl` says. */
export const isAddress = (text: string): boolean => /^https?:\/\//i.test(text);

/**
 * Checks the address of a file by its text alone; nothing is looked up. The host may have an international
 * name. `message` completes a sentence that begins with the field.
 */
export function checkSourceUrl(
  text: string,
  ranges: Cidr[],
): { ok: true; url: URL } | { ok: false; message: string } {
  const refuse = (message: string) => ({ ok: false as const, message });
  if (text.length > maxLength) return refuse(`must be at most ${maxLength} characters long.`);
  // `new URL` alone would also accept "https:host", and silently drop line breaks and surrounding spaces.
  if (!/^https?:\/\/[^\s/\\]\S*$/i.test(text)) {
    return refuse(
      'must be an absolute URL that starts with https:// or http://, without spaces: write one as %20.',
    );
  }
  const url = URL.parse(text);
  if (!url || !isHostName(url.hostname))
    return refuse('must be a valid URL: check its host and port.');
  if (url.username || url.password) {
    return refuse(
      'must not contain a user name or a password. Use an address that is signed or public.',
    );
  }
  if (text.includes('#'))
    return refuse('must not contain a fragment (#…): servers never get to see it.');
  if (namesBlockedPort(url))
    return refuse(`must not name port ${url.port}, which is not one that files are served on.`);
  if (!isReachableHost(url.hostname, ranges)) {
    return refuse('must name a public host: private, loopback and link-local ones are refused.');
  }
  return { ok: true, url };
}
