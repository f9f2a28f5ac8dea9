import { type Cidr, isReachableHost } from './webhook_url.ts';

const maxLength = 2048;

// Ports of other protocols (https://fetch.spec.whatwg.org/#port-blocking): a request there could be mistaken
// for a mail or a login.
const blockedPorts = new Set([
  ...[
    1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102,
  ],
  ...[
    103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465,
  ],
  ...[
    512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993,
  ],
  ...[
    995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6379, 6566, 6665, 6666, 6667,
  ],
  ...[6668, 6669, 6679, 6697, 5432, 3306, 11211, 27017, 10080],
]);

/**
 * Checks the address of a file by its text alone; nothing is looked up. The host may have an international
 * name. `message` completes a sentence that begins with the field.
 */
export function checkSourceUrl(
  text: string,
  allow: Cidr[],
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
  if (!url) return refuse('must be a valid URL: check its host and port.');
  if (url.username || url.password) {
    return refuse(
      'must not contain a user name or a password. Use an address that is signed or public.',
    );
  }
  if (text.includes('#'))
    return refuse('must not contain a fragment (#…): servers never get to see it.');
  if (url.port && blockedPorts.has(Number(url.port)))
    return refuse(`must not name port ${url.port}, which is not one that files are served on.`);
  if (!isReachableHost(url.hostname, allow)) {
    return refuse('must name a public host: private, loopback and link-local ones are refused.');
  }
  return { ok: true, url };
}
