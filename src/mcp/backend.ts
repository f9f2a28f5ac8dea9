import type * as z from 'zod';
import type { job } from '../openapi/schemas/job.ts';
import type { listedJob } from '../openapi/schemas/jobs.ts';
import type { VideoRequest } from './inputs.ts';

export type Job = z.output<typeof job>;
export type ListedJob = z.output<typeof listedJob>;

/** A video that was made without a service. */
export type LocalVideo = Pick<
  NonNullable<Job['output']>,
  'bytes' | 'width' | 'height' | 'seconds'
> &
  Pick<Job, 'warnings' | 'checks'> & {
    /** The path of the video. */
    file: string;
  };

export type Waiting = {
  /** How long to wait for the end of a job. */
  seconds: number;
  signal: AbortSignal;
  /** @param percent 0 to 100 */
  onProgress(percent: number, what: string): void;
};

/** Whatever makes the videos of the tools. Its errors are sentences for the agent. */
export type Backend = {
  /** Whether files may be given, and written, by their paths on this machine. */
  hasPaths: boolean;
  makeVideo(video: VideoRequest, waiting: Waiting): Promise<SavedJob | LocalVideo>;
  /** Only a service has jobs. */
  jobs?: {
    get(jobId: string, waiting: Waiting, output?: string): Promise<SavedJob>;
    list(query: {
      limit?: number;
      cursor?: string;
      status?: Job['status'];
    }): Promise<{ jobs: ListedJob[]; pagination: { nextCursor: string | null } }>;
  };
};

/** `file` is the path of the saved video, if one was asked for. */
export type SavedJob = { job: Job; file?: string };
