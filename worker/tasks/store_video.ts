import { createReadStream } from 'node:fs';
import { realTimeFactor } from '../../src/metrics/counted.ts';
import { call } from '../../src/postgres/call.ts';
import { checkTarget, warningsOf } from '../../src/targets/check.ts';
import type { VideoOptions } from '../../src/video_options.ts';
import type { WorkerDeps } from '../deps.ts';
import { machineError } from '../media/errors.ts';
import type { MadeVideo } from '../media/make_video.ts';
import { untilAnswered } from '../until_answered.ts';
import type { RenderAttempt } from './attempt.ts';

export type Finished = {
  made: MadeVideo;
  options: VideoOptions;
  /** From the claim until it was made. */
  seconds: number;
};

type Files = { video: string; poster: string; captions?: string };

/**
 * Stores the video and what belongs to it, and completes the job. Rejects when another attempt holds the job, and
 * then nothing is stored.
 */
export async function storeVideo(
  deps: WorkerDeps,
  attempt: RenderAttempt,
  finished: Finished,
  signal: AbortSignal,
): Promise<void> {
  const stored: string[] = [];
  const keep = async (path: string, contentType: string) => {
    const blob = await untilAnswered(deps, () =>
      deps.store.write(createReadStream(path, { highWaterMark: 256 * 1024 }), {
        processId: deps.processId,
        contentType,
        signal,
      }),
    );
    stored.push(blob.id);
    return blob;
  };
  const { videoPath, posterPath, captionsPath, sha256 } = finished.made;
  try {
    const video = await keep(videoPath, 'video/mp4');
    if (video.sha256 !== sha256)
      throw machineError('what was stored is not what was made: the disk or the memory is faulty');
    const poster = await keep(posterPath, 'image/jpeg');
    const captions = captionsPath && (await keep(captionsPath, 'text/vtt; charset=utf-8'));
    const files = {
      video: video.id,
      poster: poster.id,
      captions: captions ? captions.id : undefined,
    };
    await complete(deps, attempt, finished, files);
  } catch (error) {
    // If the job has them after all, discard leaves them alone.
    await deps.store.discard(stored).catch(() => {});
    throw error;
  }
}

async function complete(
  deps: WorkerDeps,
  { jobId, task, attempt }: RenderAttempt,
  { made, options, seconds }: Finished,
  files: Files,
): Promise<void> {
  await untilAnswered(deps, () =>
    call(deps.db, 'complete_job', {
      job_id: jobId,
      attempt,
      video_blob_id: files.video,
      poster_blob_id: files.poster,
      audio_seconds: made.audioSeconds,
      render_seconds: seconds,
      width: made.width,
      height: made.height,
      public_url: deps.config.publicUrl,
      facts: factsOf(made, options),
      captions_blob_id: files.captions,
    }),
  );
  realTimeFactor.observe({ task }, made.audioSeconds / seconds);
}

/** What is kept about the rendering: see api.job_json. */
function factsOf({ input, output, facts, warnings }: MadeVideo, { target }: VideoOptions) {
  const checks = target ? checkTarget(target, facts) : [];
  return {
    input,
    output,
    warnings: [...warnings, ...(target ? warningsOf(target, checks) : [])],
    checks,
  };
}
