import { rm } from 'node:fs/promises';
import type { Log } from '../../src/log.ts';
import type { AudioType, ImageType } from '../../src/media_type.ts';
import { completeOptions } from '../../src/targets/targets.ts';
import type { GivenOptions, VideoOptions } from '../../src/video_options.ts';
import type { WorkerDeps } from '../deps.ts';
import { type MadeVideo, makeVideo } from '../media/make_video.ts';
import { isMoving } from '../media/picture/picture_work.ts';
import { recipeFor } from '../media/recipe.ts';
import { makeTemporaryFolder } from '../media/temporary.ts';
import { createProgress } from '../progress.ts';
import type { RenderAttempt } from './attempt.ts';
import { readInputs } from './read_inputs.ts';
import { storeVideo } from './store_video.ts';

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
  deps.checks.set(attempt.jobId, progress.check);
  // A message may have come between the claim and now.
  void progress.check();
  try {
    await inTemporaryFolder(log, async (dir) => {
      const made = await make(deps, attempt, { dir, options, signal, onProgress: progress.report });
      await progress.settled();
      signal.throwIfAborted();
      const seconds = (performance.now() - began) / 1000;
      await storeVideo(deps, attempt, { made, options, seconds }, signal);
    });
  } catch (error) {
    // Whatever broke off because of it.
    progress.overtaken.throwIfAborted();
    throw error;
  } finally {
    deps.checks.delete(attempt.jobId);
    await progress.settled();
  }
}

type Making = {
  dir: string;
  options: VideoOptions;
  signal: AbortSignal;
  onProgress(fraction: number): void;
};

async function make(deps: WorkerDeps, attempt: RenderAttempt, making: Making): Promise<MadeVideo> {
  const inputs = await readInputs(deps.store, attempt, making.dir, making.signal);
  return makeVideo({
    ...inputs,
    imageType: attempt.image_content_type as ImageType,
    audioType: attempt.audio_content_type as AudioType,
    ...deps.ffmpeg,
    box: deps.box,
    maxAudioSeconds: attempt.max_audio_minutes
      ? attempt.max_audio_minutes * 60
      : deps.config.maxAudioSeconds,
    maxMegapixels: deps.config.maxMegapixels,
    threads: attempt.threads,
    ...making,
  });
}

async function inTemporaryFolder(log: Log, work: (dir: string) => Promise<void>): Promise<void> {
  const dir = await makeTemporaryFolder();
  try {
    await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true }).catch((err) =>
      log.warn({ err }, 'temporary folder'),
    );
  }
}
