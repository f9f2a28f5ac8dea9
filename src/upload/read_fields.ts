import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { ApiError } from '../errors.ts';
import { defaultPatience, readBody } from '../http/request_body.ts';
import { atMost } from './byte_stream.ts';
import { parseJsonObject, twice } from './json_object.ts';
import { boundaryOf, readParts } from './multipart/parts.ts';

/** Far more than all options need together. */
const maxBytes = 64 * 1024;
const example = '{"title":"Episode 17"}';

type Fields = Record<string, unknown>;

/**
 * The fields of a small body, which may be JSON, a form of either kind, or missing.
 * Throws ApiError 400, 408, 413 or 415.
 */
export async function readFields(incoming: IncomingMessage, signal?: AbortSignal): Promise<Fields> {
  const { 'content-type': contentType = '' } = incoming.headers;
  const body = atMost(readBody(incoming, defaultPatience, signal), maxBytes, tooLarge);
  if (/^multipart\/form-data\b/i.test(contentType)) return readForm(body, boundaryOf(contentType));
  const bytes = await buffer(body);
  if (bytes.toString().trim() === '') return {};
  if (/^application\/(?:[\w.-]+\+)?json\b/i.test(contentType))
    return parseJsonObject(bytes, example);
  if (/^application\/x-www-form-urlencoded\b/i.test(contentType))
    return once(new URLSearchParams(textOf(bytes)));
  throw new ApiError(
    415,
    'unsupported_media_type',
    'Send the options as application/json or as a form, and say which in the Content-Type header.',
  );
}

async function readForm(body: AsyncIterable<Buffer>, boundary: string): Promise<Fields> {
  const fields: [string, string][] = [];
  for await (const part of readParts(body, boundary))
    fields.push([part.name, textOf(await buffer(part.body))]);
  return once(fields);
}

/** Which of two values counts would be a guess. */
function once(fields: Iterable<[string, string]>): Fields {
  const given: Fields = Object.create(null);
  for (const [name, value] of fields) {
    if (name in given) throw twice(name);
    given[name] = value;
  }
  return given;
}

function textOf(bytes: Buffer): string {
  if (isUtf8(bytes) && !bytes.includes(0)) return bytes.toString();
  throw new ApiError(400, 'not_text', 'The options must be UTF-8 text without NUL.');
}

const tooLarge = () =>
  new ApiError(413, 'body_too_large', 'The request is too large: options fit into 64 KB.');
