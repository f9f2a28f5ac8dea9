/** The states of a job, and what each means to its caller. */
export const jobStates = {
  PENDING: 'queued, not yet picked up',
  PROCESSING: 'actively rendering; progress reflects an estimate',
  COMPLETED: 'done; outputVideo is populated',
  FAILED: 'terminal failure; errorMessage explains why',
  CANCELLED: 'you cancelled it before it had ended',
};

export type JobState = keyof typeof jobStates;

/** A job that has reached one of these stays there. */
export const endedStates: readonly JobState[] = ['COMPLETED', 'FAILED', 'CANCELLED'];

export const hasEnded = (status: string): boolean =>
  (endedStates as readonly string[]).includes(status);
