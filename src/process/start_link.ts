import { randomBytes } from 'node:crypto';

/** A link to the page that fills in an API key, once. The key is not in the address, so no log or history has it. */
export type StartLink = {
  /** Follows the address of the page. Browsers do not send servers what comes after a #. */
  hash: string;
  /** Puts the key behind the link. */
  open(apiKey: string): void;
  /** The key, for the first request with the token of the link; undefined for all others. */
  take(token: string): string | undefined;
};

export function createStartLink(): StartLink {
  const token = randomBytes(16).toString('base64url');
  let key: string | undefined;
  return {
    hash: `#start=${token}`,
    open: (apiKey) => {
      key = apiKey;
    },
    take: (given) => {
      if (given !== token) return undefined;
      const taken = key;
      key = undefined;
      return taken;
    },
  };
}
