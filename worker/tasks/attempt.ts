import type { Functions } from '../../src/postgres/api.types.ts';

/** A claim that may start at once. */
export type RenderAttempt = NonNullable<Functions['claim_job']['returns']> & {
  jobId: string;
  /** The queue that it came from: render or render_moving. */
  task: string;
  attempt: number;
  /** How many ffmpeg processes it may run at once. */
  threads: number;
};
