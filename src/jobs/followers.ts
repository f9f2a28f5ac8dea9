import { ApiError } from '../errors.ts';

/** How many streams and waits one process holds open at a time. */
export type FollowerLimits = { perKey: number; perAddress: number; inAll: number };

type Follower = { apiKeyId: string; address: string };

/**
 * Never less than the rest of a rate limit's window, which is a minute at most. A client that polls meanwhile
 * misses nothing.
 */
const retryLater = { headers: { 'Retry-After': '60' } };

/** Counts the clients that follow jobs: each holds a connection for as long as its job takes. */
export function createFollowers(limits: FollowerLimits) {
  const ofKey = new Map<string, number>();
  const ofAddress = new Map<string, number>();
  let all = 0;
  return {
    get size(): number {
      return all;
    },
    /** Returns a function that ends it. Throws ApiError 429. */
    begin({ apiKeyId, address }: Follower): () => void {
      if ((ofKey.get(apiKeyId) ?? 0) >= limits.perKey) throw tooMany('Your API key', limits.perKey);
      if ((ofAddress.get(address) ?? 0) >= limits.perAddress)
        throw tooMany('Your address', limits.perAddress);
      if (all >= limits.inAll) throw tooMany('This service', limits.inAll);
      add(ofKey, apiKeyId, 1);
      add(ofAddress, address, 1);
      all++;
      return () => {
        add(ofKey, apiKeyId, -1);
        add(ofAddress, address, -1);
        all--;
      };
    },
  };
}

export type Followers = ReturnType<typeof createFollowers>;

function add(counts: Map<string, number>, name: string, change: number): void {
  const count = (counts.get(name) ?? 0) + change;
  if (count > 0) counts.set(name, count);
  else counts.delete(name);
}

const tooMany = (whose: string, most: number) =>
  new ApiError(
    429,
    'too_many_streams',
    `${whose} already has ${most} streams and waits open. Close one, or poll GET /api/status/:jobId.`,
    retryLater,
  );
