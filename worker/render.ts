import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Task } from 'graphile-worker';
import { sql } from 'kysely';
import type { Log } from '../src/log.ts';
import {
  type AudioType,
  type MadeVideo,
  MediaError,
  makeVideo,
  RenderError,
} from './media/make_video.ts';
import { createProgress } from './progress.ts';
import { storeFile, untilAnswered } from './store_file.ts';
import type { WorkerDeps } from './tasks.ts';
import { temporaryPrefix } from './temporary.ts';

type Claim = {
  attempt: number;
  image_blob_id: string;
  audio_blob_id: string;
  audio_content_type: string;
};

/** What the upload was found to be names the demuxer; ffmpeg is not to guess. */
const demuxers: Record<string, AudioType> = {
  'audio/mpeg': 'mp3',
  'audio/wav': 'wav',
  'audio/mp4': 'm4a',
  'audio/ogg': 'ogg',
};

/** One attempt at one job: claim, fetch, make the video, store it, complete; or say why not. */
export const render =
  (deps: WorkerDeps): Task =>
  async (payload) => {
    const { jobId } = payload as { jobId: string };
    const claim = await deps.db.first(
      sql<Claim>`select * from api.claim_job(${jobId}, ${deps.processId})`,
    );
    // Cancelled, or someone else has it: the queue row is all that is left, and returning removes it.
    if (!claim) return;
    const log = deps.log.child({ jobId, attempt: claim.attempt });
    log.info('rendering');
    try {
      await attempt(deps, jobId, claim, log);
      log.info('completed');
    } catch (error) {
      await end(deps, jobId, claim.attempt, error, log);
    }
  };

async function attempt(deps: WorkerDeps, jobId: string, claim: Claim, log: Log): Promise<void> {
  const began = performance.now();
  const progress = createProgress(deps.db, jobId, claim.attempt);
  const signal = AbortSignal.any([deps.stopping, progress.overtaken]);
  let folder: string | undefined;
  try {
    const dir = await mkdtemp(temporaryPrefix());
    folder = dir;
    const imagePath = join(dir, 'image');
    const audioPath = join(dir, 'audio');
    for (const [blobId, path] of [
      [claim.image_blob_id, imagePath],
      [claim.audio_blob_id, audioPath],
    ] as const) {
      await pipeline(
        Readable.from(deps.store.read(blobId, undefined, signal)),
        createWriteStream(path),
        { signal },
      );
    }
    const made = await makeVideo({
      imagePath,
      audioPath,
      audioType: demuxers[claim.audio_content_type] ?? 'mp3',
      dir,
      ffmpegPath: deps.ffmpeg.ffmpegPath,
      ffprobePath: deps.ffmpeg.ffprobePath,
      maxAudioSeconds: deps.config.maxAudioSeconds,
      threads: deps.config.renderConcurrency,
      signal,
      onProgress: progress.report,
    });
    await progress.settled();
    signal.throwIfAborted();
    await complete(deps, jobId, claim.attempt, made, (performance.now() - began) / 1000, signal);
  } finally {
    await progress.settled();
    if (folder)
      await rm(folder, { recursive: true, force: true }).catch((err) =>
        log.warn({ err }, 'temporary folder'),
      );
  }
}

async function complete(
  deps: WorkerDeps,
  jobId: string,
  attempt: number,
  made: MadeVideo,
  renderSeconds: number,
  signal: AbortSignal,
): Promise<void> {
  const video = await storeFile(deps, made.videoPath, 'video/mp4', signal);
  const poster = await storeFile(deps, made.posterPath, 'image/jpeg', signal);
  await untilAnswered(deps, () =>
    deps.db.run(sql`select api.complete_job(${jobId}, ${attempt}, ${video.id}, ${poster.id},
      ${made.audioSeconds}, ${renderSeconds}, ${made.width}, ${made.height}, ${deps.config.publicUrl})`),
  );
}

/**
 * A fault of the input ends the job; a fault of this machine, or its shutdown, hands it back. Whatever
 * Postgres refuses is thrown: a task that returned would delete its successor's queue row.
 */
async function end(
  deps: WorkerDeps,
  jobId: string,
  attempt: number,
  error: unknown,
  log: Log,
): Promise<void> {
  if (isOvertaken(error)) throw error;
  if (error instanceof MediaError) {
    log.info({ err: error }, 'failed');
    await untilAnswered(deps, () =>
      deps.db.run(sql`select api.fail_job(${jobId}, ${attempt}, ${error.message})`),
    );
    return;
  }
  const stopping = deps.stopping.aborted;
  const reason = stopping
    ? null
    : error instanceof RenderError
      ? error.message
      : 'The video could not be made because of a fault on our side. Submit the job again.';
  const detail = error instanceof RenderError ? error.detail : String(error);
  log.warn(
    { err: error },
    stopping ? 'handed back: shutting down' : 'handed back: this machine failed',
  );
  await untilAnswered(deps, () =>
    deps.db.run(
      sql`select api.release_job(${jobId}, ${attempt}, ${reason}, ${stopping ? null : detail})`,
    ),
  );
}

const isOvertaken = (error: unknown): boolean =>
  (error as { detail?: string } | null)?.detail === 'attempt_overtaken';
