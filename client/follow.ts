import type { components } from './api.types.ts';
import { VidgenError } from './error.ts';
import { type Connection, mayPass, pause, request, requestJson, waitMs } from './request.ts';

export type JobStatus = components['schemas']['JobStatus'];

export type FollowOptions = {
  /** Receives the status each time it or its progress has changed. */
  onProgress?: (status: JobStatus) => void;
  /** Stops waiting. */
  signal?: AbortSignal;
};

/**
 * The service sends something every 15 s; a stream that is silent for longer is being buffered on its way.
 */
const silenceMs = 25_000;
const answerMs = 60_000;
const pollEveryMs = 2_000;
/** The job continues while the service cannot be reached, so a few minutes are worth waiting. */
const patientRetries = 14;

/** Waits for the end of a job, by its event stream or, if that breaks, by polling. */
export async function follow(
  connection: Connection,
  jobId: string,
  { onProgress, signal }: FollowOptions,
): Promise<JobStatus> {
  let last = '';
  const tell = (status: JobStatus) => {
    const seen = `${status.status} ${status.progress}`;
    if (seen !== last) onProgress?.(status);
    last = seen;
    return hasEnded(status);
  };
  const path = encodeURIComponent(jobId);
  let streams = true;
  for (let attempt = 0; ; attempt++) {
    if (streams)
      try {
        for await (const status of statusesOf(connection, path, signal)) {
          attempt = 0;
          if (tell(status)) return status;
        }
      } catch (error) {
        signal?.throwIfAborted();
        // Refused or buffered. If the request is wrong, polling will report that too.
        streams = mayPass(error);
      }
    const status = await requestJson<JobStatus>(connection, `/api/status/${path}`, {
      signal,
      patienceMs: answerMs,
      retries: Math.max(connection.retries, patientRetries),
    });
    if (tell(status)) return status;
    await pause(streams ? waitMs(Math.min(attempt, 3)) : pollEveryMs, signal);
  }
}

const hasEnded = ({ status }: JobStatus) => ['COMPLETED', 'FAILED', 'CANCELLED'].includes(status);

/** The job as it is and each change. Throws VidgenError; 'unreachable' when the connection broke. */
async function* statusesOf(
  connection: Connection,
  path: string,
  outer?: AbortSignal,
): AsyncGenerator<JobStatus> {
  const gone = new AbortController();
  const signal = AbortSignal.any([gone.signal, ...(outer ? [outer] : [])]);
  const response = await request(connection, `/api/jobs/${path}/events`, {
    headers: { Accept: 'text/event-stream' },
    signal,
    retries: 0,
  });
  if (!response.body) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const listen = () => {
    clearTimeout(timer);
    timer = setTimeout(() => gone.abort(new SilentError()), silenceMs);
  };
  listen();
  try {
    for await (const data of eventData(response.body, listen)) yield JSON.parse(data) as JobStatus;
  } catch (error) {
    outer?.throwIfAborted();
    if (gone.signal.aborted) throw gone.signal.reason;
    throw new VidgenError('unreachable', 'The stream of events broke off.', { cause: error });
  } finally {
    clearTimeout(timer);
    gone.abort();
  }
}

class SilentError extends Error {}

/** The data of each event; `heard` is called for everything that arrives, including comments. */
async function* eventData(body: ReadableStream<Uint8Array>, heard: () => void) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  for (let text = ''; ; ) {
    const { done, value } = await reader.read();
    if (done) return;
    heard();
    text += decoder.decode(value, { stream: true });
    const blocks = text.split(/\r?\n\r?\n/);
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = block.split(/\r?\n/).filter((line) => line.startsWith('data:'));
      if (data.length > 0) yield data.map((line) => line.slice(5).trimStart()).join('\n');
    }
  }
}
