import { errorOf, VidgenError } from './error.ts';

export type Connection = {
  /** Where the service is, without a slash at the end. */
  url: string;
  apiKey: string;
  fetch: typeof fetch;
  /** How often a request is tried again. */
  retries: number;
};

export type RequestOptions = {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  headers?: Record<string, string>;
  body?: FormData | string;
  signal?: AbortSignal;
  retries?: number;
  /** Milliseconds until an answer must begin; default: as long as it takes. */
  patienceMs?: number;
  /** Whether a request that may have arrived can be sent again; default true. */
  repeatable?: boolean;
};

/** The longest wait that Retry-After can ask for. */
const longestWaitSeconds = 120;

/**
 * Sends a request below the service's address, with the key. Temporary failures (429, 5xx, no connection) are
 * retried, after Retry-After or with backoff. Throws VidgenError, or the signal's reason.
 */
export async function request(
  connection: Connection,
  path: string,
  o: RequestOptions = {},
): Promise<Response> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await once(connection, path, o);
    } catch (error) {
      o.signal?.throwIfAborted();
      const isLast = attempt >= (o.retries ?? connection.retries);
      if (isLast || !mayPass(error) || !mayRepeat(error, o)) throw error;
      await pause(waitMs(attempt, error), o.signal);
    }
  }
}

/** The same, for an answer in JSON. */
export async function requestJson<Body>(
  connection: Connection,
  path: string,
  o?: RequestOptions,
): Promise<Body> {
  const response = await request(connection, path, o);
  const type = response.headers.get('Content-Type') ?? 'nothing';
  if (type.startsWith('application/json')) return (await response.json()) as Body;
  await response.body?.cancel();
  throw notVidgen(connection, `it answered ${type}`);
}

async function once({ url, apiKey, fetch }: Connection, path: string, o: RequestOptions) {
  const signals = [o.signal, o.patienceMs && AbortSignal.timeout(o.patienceMs)].filter(
    (one): one is AbortSignal => one instanceof AbortSignal,
  );
  const init: RequestInit = {
    method: o.method ?? 'GET',
    headers: { 'X-API-Key': apiKey, ...o.headers },
    body: o.body,
    signal: AbortSignal.any(signals),
    // After a redirect a POST would arrive as a GET, and the key might reach another host.
    redirect: 'manual',
  };
  const response = await fetch(url + path, init).catch((cause) => {
    throw unreachable(url, cause);
  });
  const isRedirect = response.type === 'opaqueredirect' || Math.floor(response.status / 100) === 3;
  if (isRedirect) {
    const location = response.headers.get('Location');
    throw notVidgen({ url }, `it redirects${location ? ` to ${location}` : ''}`);
  }
  if (!response.ok) throw await errorOf(response);
  return response;
}

const notVidgen = ({ url }: Pick<Connection, 'url'>, found: string) =>
  new VidgenError('unexpected_response', `There is no VidGen at ${url}: ${found}. Check the URL.`);

export function unreachable(url: string, cause: unknown): VidgenError {
  const { code = '', name = '' } = ((cause as { cause?: object })?.cause ?? cause ?? {}) as {
    code?: string;
    name?: string;
  };
  const why = code || (name === 'TimeoutError' ? 'no answer in time' : '');
  const host = new URL(url).host;
  return new VidgenError(
    'unreachable',
    `${host} cannot be reached${why && ` (${why})`}. Check the URL and the network.`,
    { cause },
  );
}

/** Whether the same request may succeed later. */
export function mayPass(error: unknown): boolean {
  if (!(error instanceof VidgenError)) return false;
  const { code, status = 0, retryAfter = 0 } = error;
  const passes = code === 'unreachable' || [408, 429, 500, 502, 503, 504].includes(status);
  return passes && retryAfter <= longestWaitSeconds;
}

/** 429 is sent before anything is done. */
const mayRepeat = (error: unknown, { repeatable = true }: RequestOptions) =>
  repeatable || (error as VidgenError).status === 429;

/** What the service asks for, or half a second, doubled each time up to half a minute. */
export const waitMs = (attempt: number, error?: unknown): number =>
  ((error as VidgenError)?.retryAfter ?? Math.min(30, 0.5 * 2 ** attempt)) * 1000;

export const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });

/** A signal that aborts so many milliseconds after the given one, for its reason. */
export function abortedLater(first: AbortSignal | undefined, ms: number): AbortSignal | undefined {
  if (!first || first.aborted) return first;
  const later = new AbortController();
  const abort = () => later.abort(first.reason);
  // This timer does not keep the process alive.
  const wait = () => AbortSignal.timeout(ms).addEventListener('abort', abort, { once: true });
  first.addEventListener('abort', wait, { once: true });
  return later.signal;
}
