import { ReadableStream } from 'node:stream/web';
import { type Dispatcher, request } from 'undici';

const answerWithinMs = 60_000;
const nextBytesWithinMs = 30_000;

/**
 * Like fetch, but without copying each body: the parts of an upload become garbage faster than it is
 * collected.
 */
export async function leanFetch(
  url: string,
  init: RequestInit = {},
  signal?: AbortSignal,
): Promise<Response> {
  const { statusCode, headers, body } = await request(url, {
    method: init.method as Dispatcher.HttpMethod,
    headers: init.headers as Record<string, string>,
    body: init.body as Buffer | string | undefined,
    headersTimeout: answerWithinMs,
    bodyTimeout: nextBytesWithinMs,
    signal,
  });
  const isEmpty = init.method === 'HEAD' || statusCode === 204 || statusCode === 304;
  if (isEmpty) await body.dump();
  // Not Readable.toWeb: data that arrives after a cancel would end the process ("Controller is closed").
  const bytes = isEmpty ? null : ReadableStream.from(body);
  return new Response(bytes, {
    status: statusCode,
    headers: Object.entries(headers).map(([name, value]): [string, string] => [name, `${value}`]),
  });
}
