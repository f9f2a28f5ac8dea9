import { hasEnded } from '../../src/jobs/job_state.ts';
import type { Log } from '../../src/log.ts';
import { call } from '../../src/postgres/call.ts';
import type { WorkerDeps } from '../deps.ts';
import { isOvertaken } from '../progress.ts';
import { untilAnswered } from '../until_answered.ts';

/**
 * The job has ended without this task, cancelled as a rule: nothing is left to do, and the queue row may go.
 * Of a job that was given to another attempt it must stay, so that the refusal is thrown.
 */
export async function overtaken(
  deps: WorkerDeps,
  jobId: string,
  refusal: unknown,
  log: Log,
): Promise<'overtaken'> {
  if (!isOvertaken(refusal)) throw refusal;
  const [job] = await untilAnswered(deps, () =>
    call(deps.db, 'get_job_statuses', { job_ids: [jobId], public_url: deps.config.publicUrl }),
  );
  if (job && !hasEnded(job.status)) throw refusal;
  log.info({ status: job?.status }, 'stopped: the job has ended');
  return 'overtaken';
}
