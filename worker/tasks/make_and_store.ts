import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Log } from '../../src/log.ts';
import type { AudioType, ImageType } from '../../src/media_type.ts';
import { realTimeFactor } from '../../src/metrics/counted.ts';
import { call } from '../../src/postgres/call.ts';
import { checkTarget, warningsOf } from '../../src/targets/check.ts';
import { completeOptions } from '../../src/targets/targets.ts';
import type { GivenOptions, VideoOptions } from '../../src/video_options.ts';
import type { WorkerDeps } from '../deps.ts';
import { machineError } from '../media/errors.ts';
import { type MadeVideo, makeVideo } from '../media/make_video.ts';
import { isMoving } from '../media/picture/picture_work.ts';
import { recipeFor } from '../media/recipe.ts';
import { makeTemporaryFolder, temporaryFault } from '../media/temporary.ts';
import { createProgress } from '../progress.ts';
import { untilAnswered } from '../until_answered.ts';
import type { RenderAttempt } from './attempt.ts';

/**
 * Each step has its own limits; this one is for the unforeseen. The longest plain jobs take some minutes.
 * Videos encoded frame by frame take longer: three hours of motion under a waveform take six hours on one
 * core.
 */
const attemptLimitMs = { plain: 3_600_000, moving: 12 * 3_600_000 };

/**
 * From the claim to the finished job: reads the inputs, makes the video, stores it, completes. Rejects when
 * anything fails or another attempt holds the job, and then leaves nothing behind.
 */
export async function makeAndStore(
  deps: WorkerDeps,
  attempt: RenderAttempt,
  log: Log,
): Promise<void> {
  const began = performance.now();
  const progress = createProgress(deps.db, attempt.jobId, attempt.attempt);
  const options = completeOptions(attempt.options as GivenOptions);
  const limitMs = attemptLimitMs[isMoving(recipeFor(options)) ? 'moving' : 'plain'];
  const signal = AbortSignal.any([deps.stopping, progress.overtaken, AbortSignal.timeout(limitMs)]);
  let folder: string | undefined;
  deps.checks.set(attempt.jobId, progress.check);
  // A message may have come between the claim and now.
  void progress.check();
  try {
    const dir = await makeTemporaryFolder();
    folder = dir;
    const imagePath = join(dir, 'image');
    const audioPath = join(dir, 'audio');
    const captionsPath = attempt.captions_blob_id ? join(dir, 'captions') : undefined;
    for (const [blobId, path] of [
      [attempt.image_blob_id, imagePath],
      [attempt.audio_blob_id, audioPath],
      [attempt.captions_blob_id, captionsPath],
    ] as const) {
      if (!blobId || !path) continue;
      await pipeline(
        Readable.from(deps.store.read(blobId, undefined, signal)),
        createWriteStream(path),
        { signal },
      ).catch((error) => {
        throw temporaryFault(error);
      });
    }
    const made = await makeVideo({
      imagePath,
      imageType: attempt.image_content_type as ImageType,
      audioPath,
      audioType: attempt.audio_content_type as AudioType,
      dir,
      ...deps.ffmpeg,
      box: deps.box,
      maxAudioSeconds: attempt.max_audio_minutes
        ? attempt.max_audio_minutes * 60
        : deps.config.maxAudioSeconds,
      maxMegapixels: deps.config.maxMegapixels,
      threads: attempt.threads,
      captionsPath,
      options,
      signal,
      onProgress: progress.report,
    });
    await progress.settled();
    signal.throwIfAborted();
    const seconds = (performance.now() - began) / 1000;
    await complete(deps, attempt, { made, options, seconds }, signal);
  } catch (error) {
    // Whatever broke off because of it.
    progress.overtaken.throwIfAborted();
    throw error;
  } finally {
    deps.checks.delete(attempt.jobId);
    await progress.settled();
    if (folder)
      await rm(folder, { recursive: true, force: true }).catch((err) =>
        log.warn({ err }, 'temporary folder'),
      );
  }
}

async function complete(
  deps: WorkerDeps,
  { jobId, task, attempt }: RenderAttempt,
  { made, options, seconds }: { made: MadeVideo; options: VideoOptions; seconds: number },
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
  try {
    const video = await keep(made.videoPath, 'video/mp4');
    if (video.sha256 !== made.sha256)
      throw machineError('what was stored is not what was made: the disk or the memory is faulty');
    const poster = await keep(made.posterPath, 'image/jpeg');
    const captions = made.captionsPath
      ? await keep(made.captionsPath, 'text/vtt; charset=utf-8')
      : undefined;
    await untilAnswered(deps, () =>
      call(deps.db, 'complete_job', {
        job_id: jobId,
        attempt,
        video_blob_id: video.id,
        poster_blob_id: poster.id,
        audio_seconds: made.audioSeconds,
        render_seconds: seconds,
        width: made.width,
        height: made.height,
        public_url: deps.config.publicUrl,
        facts: factsOf(made, options),
        captions_blob_id: captions?.id,
      }),
    );
    realTimeFactor.observe({ task }, made.audioSeconds / seconds);
  } catch (error) {
    // If the job has them after all, discard leaves them alone.
    await deps.store.discard(stored).catch(() => {});
    throw error;
  }
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
