import { createClient } from '../client/index.ts';
import type { Backend, Job, SavedJob, Waiting } from '../src/mcp/backend.ts';
import { isText } from '../src/mcp/inputs.ts';
import { isAddress } from '../src/outbound/source_url.ts';
import { mustBeFiles } from './input_files.ts';
import { mustBeWritable } from './output_file.ts';
import type { Service } from './service.ts';

/** Makes the videos as jobs of a service, of files on this machine. */
export function byService(service: Service): Backend {
  const vidgen = createClient(service);

  /** Waits until the job has ended or the time is up; then saves its video, if that is wanted and it is there. */
  async function get(jobId: string, waiting: Waiting, output?: string): Promise<SavedJob> {
    if (output) await mustBeWritable(output);
    const { seconds, signal, onProgress } = waiting;
    if (seconds > 0) {
      const late = AbortSignal.timeout(seconds * 1_000);
      await vidgen
        .wait(jobId, {
          signal: AbortSignal.any([signal, late]),
          onProgress: ({ progress, status }) => onProgress(progress, status),
        })
        // The job itself says how it ended.
        .catch(() => signal.throwIfAborted());
    }
    const job = await vidgen.job(jobId, { signal });
    const found = { job: job as Job };
    if (!output || !job.output) return found;
    await vidgen.save(job, output, { signal });
    return { ...found, file: output };
  }

  return {
    hasPaths: true,
    async makeVideo({ output, captions, ...video }, waiting) {
      if (output) await mustBeWritable(output);
      const text = captions !== undefined && isText(captions);
      const files = [video.image, video.audio, ...(captions && !text ? [captions] : [])];
      await mustBeFiles(files.filter((file) => !isAddress(file)));
      const { signal } = waiting;
      const { jobId } = await vidgen.submit(
        { ...video, ...(captions && { captions: text ? new Blob([captions]) : captions }) },
        { signal },
      );
      return get(jobId, waiting, output);
    },
    jobs: {
      get,
      list: (query) => vidgen.list(query) as ReturnType<NonNullable<Backend['jobs']>['list']>,
    },
  };
}
