import type { components, paths } from './api.types.ts';
import { download, save } from './download.ts';
import { VidgenError } from './error.ts';
import { type FollowOptions, follow, type JobStatus } from './follow.ts';
import { abortedLater, type Connection, requestJson } from './request.ts';
import { bodyOf, type Submission } from './submission.ts';

export type Job = components['schemas']['Job'];
export type JobList = components['schemas']['JobList'];
export type Targets = components['schemas']['TargetList'];
type RetryOptions = NonNullable<
  paths['/api/jobs/{jobId}/retry']['post']['requestBody']
>['content']['application/json'];
type ListQuery = NonNullable<paths['/api/jobs']['get']['parameters']['query']>;

export type ClientOptions = {
  /** Where the service is, such as https://vidgen.example.com. */
  url: string;
  apiKey: string;
  /** How often a request is repeated after a temporary failure (429, 5xx, no connection); default 5. */
  retries?: number;
  /** Default: the global one. */
  fetch?: typeof fetch;
};

type Signal = { signal?: AbortSignal };
type SubmitOptions = Signal & {
  /** Identifies this submission, so that it makes one job however often it is sent. Default: a random id. */
  idempotencyKey?: string;
};

const patienceMs = 60_000;

/** A client of one service, with one key. All methods throw VidgenError, or the reason of their signal. */
export function createClient(o: ClientOptions) {
  const connection = connectionOf(o);
  const get = <Body>(path: string, { signal }: Signal = {}) =>
    requestJson<Body>(connection, path, { signal, patienceMs });

  async function submit(
    submission: Submission,
    { idempotencyKey = crypto.randomUUID(), signal }: SubmitOptions = {},
  ): Promise<{ jobId: string }> {
    const { body, headers } = await bodyOf(submission);
    const { jobId } = await requestJson<{ jobId: string }>(connection, '/api/jobs', {
      method: 'POST',
      headers: { ...headers, 'Idempotency-Key': idempotencyKey },
      body,
      signal,
    });
    return { jobId };
  }

  const job = (jobId: string, options?: Signal) => get<Job>(pathOf(jobId), options);

  async function cancel(
    jobId: string,
    { signal, force }: Signal & { force?: boolean } = {},
  ): Promise<void> {
    const options = { method: 'DELETE', signal, patienceMs, repeatable: false } as const;
    await requestJson(connection, pathOf(jobId) + (force ? '?force=true' : ''), options);
  }

  /** Throws job_failed or job_cancelled unless it is COMPLETED. */
  async function finished(jobId: string, options: FollowOptions): Promise<Job> {
    const ended = await follow(connection, jobId, options);
    if (ended.status === 'COMPLETED') return job(jobId, options);
    throw ended.status === 'FAILED'
      ? new VidgenError('job_failed', ended.errorMessage ?? 'The job failed.', { jobId })
      : new VidgenError('job_cancelled', 'The job was cancelled.', { jobId });
  }

  return {
    /**
     * Submits and waits for the video: `job.output.video` is its address. A `signal` that aborts stops the
     * waiting, and cancels the job if it has not started.
     */
    async make(
      submission: Submission,
      options: FollowOptions & SubmitOptions = {},
    ): Promise<Job & { output: NonNullable<Job['output']> }> {
      // Long enough to hear of a job that is just being made, and must be cancelled.
      const signal = abortedLater(options.signal, 2_000);
      const { jobId } = await submit(submission, { ...options, signal });
      try {
        const made = await finished(jobId, options);
        if (!made.output) throw new VidgenError('media_gone', 'The video has expired.', { jobId });
        return { ...made, output: made.output };
      } catch (error) {
        // The job would keep the key busy.
        if (options.signal?.aborted) await cancel(jobId).catch(() => {});
        throw error;
      }
    },
    /** Submits and does not wait. */
    submit,
    /** Makes a FAILED or CANCELLED job again from its stored files, with other options where some are given. */
    retry: (jobId: string, options: RetryOptions = {}, { signal }: Signal = {}) =>
      requestJson<{ jobId: string }>(connection, `${pathOf(jobId)}/retry`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(options),
        ...{ signal, repeatable: false },
      }),
    /**
     * Decides until when the addresses of the video work: a time that has passed ends it at once, null opens them
     * for as long as the video is kept.
     */
    update: (
      jobId: string,
      { shareExpiresAt }: { shareExpiresAt: Date | string | null },
      { signal }: Signal = {},
    ) =>
      requestJson<Job>(connection, pathOf(jobId), {
        method: 'PATCH',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ shareExpiresAt }),
        signal,
      }),
    /** Waits until the job has COMPLETED. */
    wait: (jobId: string, options: FollowOptions = {}): Promise<Job> => finished(jobId, options),
    /** Status and progress. */
    status: (jobId: string, options?: Signal): Promise<JobStatus> =>
      get(`/api/status/${encodeURIComponent(jobId)}`, options),
    /** Everything known about a job. */
    job,
    /** A page of jobs, newest first. */
    list: (query: ListQuery = {}, options?: Signal): Promise<JobList> => {
      const given = Object.entries(query).filter(([, value]) => value !== undefined);
      const text = new URLSearchParams(
        Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
      );
      return get(`/api/jobs?${text}`, options);
    },
    /** Cancels a job that is PENDING; with `force`, also one that is PROCESSING. */
    cancel,
    /** The requirements of each place, by the names that `target` accepts. */
    targets: (options?: Signal): Promise<Targets> => get('/api/targets', options),
    /** The bytes of a job's video; continues after a broken connection. */
    download: (of: Job, { signal }: Signal = {}): AsyncGenerator<Uint8Array> =>
      download(connection, addressOf(of), signal),
    /** Writes the video of a job into a file. Node.js only. */
    save: (of: Job, path: string, { signal }: Signal = {}): Promise<void> =>
      save(download(connection, addressOf(of), signal), path),
  };
}

export type Client = ReturnType<typeof createClient>;

const pathOf = (jobId: string) => `/api/jobs/${encodeURIComponent(jobId)}`;

function addressOf({ id, output }: Job): string {
  if (output) return output.video;
  throw new VidgenError('media_gone', 'The job has no video, or it has expired.', { jobId: id });
}

function connectionOf({ url, apiKey, retries = 5, fetch = globalThis.fetch }: ClientOptions) {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol))
    throw new VidgenError(
      'invalid_url',
      `url must be like https://vidgen.example.com, not ${url}.`,
    );
  if (!/^[!-~]+$/.test(apiKey))
    throw new VidgenError('invalid_api_key', 'apiKey must be visible ASCII, as it was shown.');
  const base = parsed.origin + parsed.pathname.replace(/\/+$/, '');
  return { url: base, apiKey, retries, fetch: fetch.bind(globalThis) } satisfies Connection;
}
