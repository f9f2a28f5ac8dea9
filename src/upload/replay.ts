import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ApiError } from '../errors.ts';
import type { BlobStore } from '../storage/blob_store.ts';
import { readSubmission } from './read_submission.ts';
import { defaultLimits, type SubmissionOptions } from './submission_form.ts';

/** A repetition gets the same answer as the first, without waiting for a body that never comes. */
const stallMs = 2_000;

/**
 * The fingerprint of a submission that repeats an Idempotency-Key; nothing is stored. Undefined when there is
 * nothing to compare: the client sends no body, waits for permission (Expect: 100-continue), or stops. Throws
 * ApiError 400, 413 or 415 for a body that cannot have been the first one.
 */
export async function fingerprintOfReplay(
  incoming: IncomingMessage,
  o: Omit<SubmissionOptions, 'store'> & { signal?: AbortSignal },
): Promise<string | undefined> {
  const { 'content-length': length, 'transfer-encoding': transfer, expect } = incoming.headers;
  if (expect !== undefined || (transfer === undefined && Number(length ?? 0) === 0)) return;
  const limits = o.limits ?? defaultLimits;
  const patience = { ...limits.patience, stallMs };
  try {
    const read = { ...o, store: nowhere, limits: { ...limits, patience } };
    return (await readSubmission(incoming, read)).fingerprint;
  } catch (error) {
    const broken = ['upload_too_slow', 'upload_broken_off'];
    if (error instanceof ApiError && broken.includes(error.code)) return;
    throw error;
  }
}

const nowhere: Pick<BlobStore, 'write' | 'discard'> = {
  async write(source) {
    const hash = createHash('sha256');
    let size = 0;
    for await (const piece of source) {
      hash.update(piece);
      size += piece.length;
    }
    return { id: '', size, sha256: hash.digest('hex') };
  },
  async discard() {},
};
