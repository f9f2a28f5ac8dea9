import { type Dispatcher, request } from 'undici';
import { connection, type Idle, parseRetryAfter, type Transport } from './connector.ts';
import { SourceError, sourceErrorOf, sourceErrorOfStatus } from './source_error.ts';
import { checkSourceUrl } from './source_url.ts';

export type OpenSource = {
  /** The hosts that were contacted, redirects included; the last one has the file. */
  hosts: string[];
  contentType: string;
  /** As the source states it; undefined when it does not. */
  length: number | undefined;
  /** Throws SourceError. */
  bytes: AsyncGenerator<Buffer>;
  close(): Promise<void>;
};

const mostRedirects = 5;

const headers = {
  accept: '*/*',
  // Compressed data could expand without limit, and media gain nothing from it.
  'accept-encoding': 'identity',
  'user-agent': 'VidGen',
};

/**
 * Requests a file at an address that a caller has given. Redirects are followed, and each is checked like the
 * first address. No data of the caller or of an earlier host is sent along. Throws SourceError.
 */
export async function openSource(
  address: string,
  transport: Transport & Idle,
  signal: AbortSignal,
): Promise<OpenSource> {
  const hosts: string[] = [];
  let text = address;
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const checked = checkSourceUrl(text, transport.ranges);
    if (!checked.ok) {
      throw new SourceError(
        redirects === 0
          ? checked.message
          : `is redirected by ${hosts.at(-1)} to an address that is refused: it ${checked.message}`,
      );
    }
    const { url } = checked;
    hosts.push(url.hostname);
    const dispatcher = connection(url, transport, signal);
    const close = () => dispatcher.destroy();
    // undici heeds a request's own signal only once it is connected.
    signal.addEventListener('abort', close, { once: true });
    try {
      const answer = await request(url, { dispatcher, headers, method: 'GET' });
      if (answer.statusCode === 200) return opened(answer, hosts, close);
      const location = redirected(answer);
      if (!location) {
        const retryAfter = parseRetryAfter(answer.headers['retry-after']);
        throw sourceErrorOfStatus(answer.statusCode, url.hostname, retryAfter);
      }
      // A fragment is meant for the reader of the file.
      text = URL.parse(location, url.href)?.href.replace(/#.*/s, '') ?? location;
      await close();
    } catch (error) {
      await close();
      signal.throwIfAborted();
      throw sourceErrorOf(error, url.hostname);
    }
  }
  throw new SourceError(
    `is redirected more than ${mostRedirects} times, at last by ${hosts.at(-1)}. Use the address of the file itself.`,
  );
}

function redirected({ statusCode, headers }: Dispatcher.ResponseData): string | undefined {
  const { location } = headers;
  return [301, 302, 303, 307, 308].includes(statusCode) && typeof location === 'string'
    ? location
    : undefined;
}

function opened(
  { headers, body }: Dispatcher.ResponseData,
  hosts: string[],
  close: () => Promise<void>,
): OpenSource {
  const host = hosts.at(-1) ?? '';
  const encoding = String(headers['content-encoding'] ?? 'identity');
  if (!/^identity$/i.test(encoding)) {
    throw new SourceError(
      `cannot be fetched: ${host} sends it compressed (${encoding}) although it was asked not to. Use another address, or upload the file.`,
    );
  }
  const length = Number(headers['content-length'] ?? Number.NaN);
  return {
    hosts,
    contentType: String(headers['content-type'] ?? ''),
    length: Number.isNaN(length) ? undefined : length,
    bytes: bytesOf(body, host),
    close,
  };
}

async function* bytesOf(body: AsyncIterable<Buffer>, host: string): AsyncGenerator<Buffer> {
  try {
    yield* body;
  } catch (error) {
    throw sourceErrorOf(error, host);
  }
}
