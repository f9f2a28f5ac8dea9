import { randomBytes } from 'node:crypto';

/** A link to the page that fills in an API key, once. The key stands in no address, so in no log or history. */
export type StartLink = {
  /** What follows the address of the page; browsers send no server what stands behind #. */
  hash: string;
  /** Puts the key behind the link. */
  open(apiKey: string): void;
  /** The key, for the first who asks with the token of the link; undefined for all others. */
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
