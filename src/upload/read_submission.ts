import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { ApiError } from '../errors.ts';
import { readBody } from '../http/request_body.ts';
import { maxTextBytes } from './fields.ts';
import { readJsonObject } from './json_object.ts';
import { mebibytes } from './max_file.ts';
import { boundaryOf, readParts } from './multipart/parts.ts';
import {
  defaultLimits,
  type Submission,
  SubmissionForm,
  type SubmissionOptions,
} from './submission_form.ts';

/**
 * Checks what the headers alone can tell, before any of the body is read. Throws ApiError 400, 413 or 415.
 */
function checkSubmissionHeaders(headers: IncomingHttpHeaders, limits = defaultLimits): void {
  if (!isJson(headers)) boundaryOf(headers['content-type']);
  const encoding = headers['content-encoding'] ?? 'identity';
  const transfer = headers['transfer-encoding'] ?? 'chunked';
  const encoded = !/^identity$/i.test(encoding) && 'Content-Encoding';
  const transferred = !/^chunked$/i.test(transfer) && 'a Transfer-Encoding other than chunked';
  if (encoded || transferred) {
    throw new ApiError(
      415,
      'unsupported_encoding',
      `Send the body as it is, without ${encoded || transferred}.`,
    );
  }
  if (Number(headers['content-length'] ?? 0) > 2 * limits.fileBytes + maxTextBytes) {
    throw new ApiError(
      413,
      'body_too_large',
      `The request is too large: a file may be at most ${mebibytes(limits.fileBytes)}.`,
    );
  }
}

/** How many bytes a body has, or may have if it does not say so. */
export function announcedBytes(headers: IncomingHttpHeaders, limits = defaultLimits): number {
  const length = headers['content-length'];
  if (length !== undefined) return Number(length);
  return maxTextBytes + (isJson(headers) ? 0 : 2 * limits.fileBytes);
}

const isJson = (headers: IncomingHttpHeaders) =>
  /^application\/json[ \t]*(;|$)/i.test(headers['content-type'] ?? '');

/**
 * Reads the form or the JSON of POST /api/jobs while it arrives and stores its files. They belong to
 * `processId` until api.create_job takes them over; when that fails, discard them. Throws ApiError 400, 408,
 * 413 or 415, and then leaves nothing stored.
 */
export async function readSubmission(
  incoming: IncomingMessage,
  o: SubmissionOptions & { signal?: AbortSignal },
): Promise<Submission> {
  const limits = o.limits ?? defaultLimits;
  checkSubmissionHeaders(incoming.headers, limits);
  const body = readBody(incoming, limits.patience, o.signal);
  const form = new SubmissionForm(o);
  try {
    if (isJson(incoming.headers)) {
      for (const [name, value] of Object.entries(await readJsonObject(body)))
        await form.takeValue(name, value);
      return form.complete();
    }
    for await (const part of readParts(body, boundaryOf(incoming.headers['content-type'])))
      await form.take(part);
    return form.complete();
  } catch (error) {
    // If this fails too, the sweep finds them once this process has gone.
    await o.store.discard(form.stored).catch(() => {});
    throw error;
  }
}
