import { type Client, createClient, VidgenError } from '../client/index.ts';
import { abortedLater, pause, waitMs } from '../client/request.ts';
import type { JobRequest, MadeFile } from './make_request.ts';
import type { Service } from './service.ts';

const words: Record<string, string> = { PENDING: 'Waiting', PROCESSING: 'Rendering' };

/**
 * Has a service make the video, and downloads it. When the signal aborts, the job is cancelled. Throws
 * VidgenError, or the signal's reason.
 */
export async function makeByService(service: Service, request: JobRequest): Promise<MadeFile> {
  const { output, signal, onProgress } = request;
  const vidgen = createClient(service);
  const jobId = await inTurn(vidgen, request);
  try {
    const job = await vidgen.wait(jobId, {
      signal,
      onProgress: ({ progress, status }) => onProgress(progress, words[status] ?? 'Done'),
    });
    onProgress(100, 'Downloading');
    await vidgen.save(job, output, { signal });
    onProgress(100, 'Done');
    const { warnings, output: made } = job;
    // Otherwise there was nothing to save.
    const { bytes, sha256, width, height, seconds, shareLink } = made as NonNullable<typeof made>;
    const checks = job.checks as MadeFile['checks'];
    return {
      ...{ file: output, bytes, sha256, width, height, seconds, warnings, checks },
      ...{ jobId, shareLink },
    };
  } catch (error) {
    // Nobody waits for it any more, and it would keep the key busy.
    if (signal.aborted) await vidgen.cancel(jobId, { force: true }).catch(() => {});
    throw error;
  }
}

/** Begins the job, once those of the API key that are in its way have ended or been cancelled. */
async function inTurn(vidgen: Client, request: JobRequest): Promise<string> {
  for (;;) {
    try {
      return await begin(vidgen, request);
    } catch (error) {
      if (!(error instanceof VidgenError) || request.whenBusy === 'fail') throw hinted(error);
      if (error.code === 'upload_under_way') await pause(waitMs(0, error), request.signal);
      else if (error.activeJobId) await makeWay(vidgen, error.activeJobId, request);
      else throw error;
    }
  }
}

async function begin(
  vidgen: Client,
  { of, options, metadata, signal: given, onProgress }: JobRequest,
) {
  // Long enough to hear of a job that is just being made, and must be cancelled.
  const signal = abortedLater(given, 2_000);
  if ('retryOf' in of) {
    const { jobId } = await vidgen.retry(of.retryOf, { ...options, metadata }, { signal });
    return jobId;
  }
  onProgress(0, 'Uploading');
  const { jobId } = await vidgen.submit({ ...of, ...options, metadata }, { signal });
  return jobId;
}

async function makeWay(
  vidgen: Client,
  jobId: string,
  { whenBusy, signal, onProgress }: JobRequest,
): Promise<void> {
  onProgress(0, `Waiting for the job ${jobId}`);
  const ended =
    whenBusy === 'cancel'
      ? vidgen.cancel(jobId, { force: true, signal })
      : vidgen.wait(jobId, { signal });
  await ended.catch((error) => {
    // However it ended, it is not in the way any more.
    const over = ['job_failed', 'job_cancelled', 'job_not_cancellable', 'job_not_found'];
    if (!(error instanceof VidgenError && over.includes(error.code))) throw error;
  });
}

/** A refusal for another job names it, and what to add to the command. */
function hinted(error: unknown): unknown {
  if (!(error instanceof VidgenError && error.activeJobId)) return error;
  const { code, message, activeJobId } = error;
  const hint = `It is ${activeJobId}: add --wait to wait for its end, or --force to cancel it.`;
  return new VidgenError(code, `${message} ${hint}`, { activeJobId });
}
