import type { Job, ListedJob, LocalVideo, SavedJob } from './backend.ts';

/** Only what an agent needs, because results stay in its context. Keys without a value are left out. */
type Summary = Record<string, unknown>;

export const summaryOf = (made: SavedJob | LocalVideo): Summary =>
  'job' in made
    ? present({ ...jobSummary(made.job), file: made.file })
    : present({ file: made.file, ...facts(made), ...findings(made) });

function jobSummary(job: Job): Summary {
  const { id: jobId, status, progress, output } = job;
  const waits = status === 'PENDING' || status === 'PROCESSING';
  return {
    jobId,
    status,
    ...(waits && {
      progress,
      queuePosition: job.queuePosition,
      estimatedSecondsLeft: job.estimatedSecondsLeft,
      fetching: job.fetches.find((file) => file.status === 'fetching')?.field,
      next: 'The video is not finished. Call get_job with this jobId and waitSeconds.',
    }),
    error: job.errorMessage,
    ...(output && {
      video: output.video,
      shareLink: output.shareLink,
      captions: output.captions,
      ...facts(output),
      expiresAt: output.expiresAt,
    }),
    ...findings(job),
  };
}

const facts = ({
  seconds,
  width,
  height,
  bytes,
}: Omit<LocalVideo, 'file' | 'warnings' | 'checks'>) => ({
  seconds,
  width,
  height,
  bytes,
});

/** Checks that failed are among the warnings, each with what to do. */
const findings = ({ warnings, checks }: Pick<Job, 'warnings' | 'checks'>) => ({
  warnings: warnings.length > 0 ? warnings : undefined,
  meetsTarget: checks.length > 0 ? checks.every(({ ok }) => ok) : undefined,
});

export const listSummary = (list: {
  jobs: ListedJob[];
  pagination: { nextCursor: string | null };
}): Summary =>
  present({
    jobs: list.jobs.map(({ id, status, createdAt, outputVideo, errorMessage }) =>
      present({ jobId: id, status, createdAt, video: outputVideo, error: errorMessage }),
    ),
    nextCursor: list.pagination.nextCursor,
  });

const present = (values: Summary): Summary =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== null),
  );
