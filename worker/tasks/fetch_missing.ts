import { call } from '../../src/postgres/call.ts';
import { maxFileBytesOf } from '../../src/upload/max_file.ts';
import { maxCaptionsBytes } from '../../src/upload/submission_form.ts';
import type { WorkerDeps } from '../deps.ts';
import { untilAnswered } from '../until_answered.ts';
import type { RenderAttempt } from './attempt.ts';
import { fetchInput, type InputKind } from './fetch_input.ts';

/** The share of a job's progress that fetching takes, if it has to fetch. */
const fetchShare = 0.1;

/** The inputs of a job. Inputs given by address that have not been fetched yet are fetched now. */
export async function fetchMissing(
  deps: WorkerDeps,
  attempt: RenderAttempt,
  signal: AbortSignal,
  report: (fraction: number) => void,
) {
  const sources = Object.entries((attempt.sources ?? {}) as Partial<Record<InputKind, string>>);
  const blobs: Record<InputKind, { id: string | null; contentType: string | null }> = {
    image: { id: attempt.image_blob_id, contentType: attempt.image_content_type },
    audio: { id: attempt.audio_blob_id, contentType: attempt.audio_content_type },
    captions: { id: attempt.captions_blob_id, contentType: 'text/plain' },
  };
  const maxFileBytes = maxFileBytesOf(attempt.max_file_mb, deps.config.maxFileBytes);
  for (const [i, [name, url]] of sources.entries()) {
    const kind = name as InputKind;
    report((fetchShare * (i + 0.5)) / sources.length);
    const fetched = await fetchInput({
      kind,
      url,
      maxBytes: kind === 'captions' ? maxCaptionsBytes : maxFileBytes,
      transport: { allow: deps.config.fetchAllowCidrs, idleMs: 30_000 },
      store: deps.store,
      processId: deps.processId,
      signal,
    });
    try {
      await untilAnswered(deps, () =>
        call(deps.db, 'attach_input', {
          job_id: attempt.jobId,
          attempt: attempt.attempt,
          kind,
          blob_id: fetched.id,
        }),
      );
    } catch (error) {
      await deps.store.discard([fetched.id]).catch(() => {});
      throw error;
    }
    blobs[kind] = fetched;
  }
  return { ...blobs, share: sources.length > 0 ? fetchShare : 0 };
}
