import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { ApiError } from '../errors.ts';
import { defaultPatience, readBody } from '../http/request_body.ts';
import { atMost } from './byte_stream.ts';
import { boundaryOf, readParts } from './multipart/parts.ts';

/** Far more than all options need together. */
const maxBytes = 64 * 1024;

/**
 * The fields of a small body, which may be JSON, a form of either kind, or missing.
 * Throws ApiError 400, 408, 413 or 415.
 */
export async function readFields(
  incoming: IncomingMessage,
  signal?: AbortSignal,
): Promise<Record<string, unknown>> {
  const { 'content-type': contentType = '' } = incoming.headers;
  const body = atMost(readBody(incoming, defaultPatience, signal), maxBytes, tooLarge);
  if (/^multipart\/form-data\b/i.test(contentType)) return readForm(body, boundaryOf(contentType));
  const text = (await buffer(body)).toString();
  if (text.trim() === '') return {};
  if (/^application\/(?:[\w.-]+\+)?json\b/i.test(contentType)) return parseObject(text);
  if (/^application\/x-www-form-urlencoded\b/i.test(contentType))
    return Object.fromEntries(new URLSearchParams(text));
  throw new ApiError(
    415,
    'unsupported_media_type',
    'Send the options as application/json or as a form, and say which in the Content-Type header.',
  );
}

async function readForm(
  body: AsyncIterable<Buffer>,
  boundary: string,
): Promise<Record<string, unknown>> {
  const fields: Record<string, unknown> = {};
  for await (const part of readParts(body, boundary))
    fields[part.name] = (await buffer(part.body)).toString();
  return fields;
}

function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new ApiError(400, 'invalid_json', 'The body must be a JSON object. Correct its syntax.');
}

const tooLarge = () =>
  new ApiError(413, 'body_too_large', 'The request is too large: options fit into 64 KB.');
