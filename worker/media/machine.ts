import type { Box } from './box/box.ts';
import type { SharedRun } from './ffmpeg/shared_run.ts';

/** The resources for making a video: programs, space, and how much of them may be used. */
export type Machine = {
  /** Absolute paths. */
  ffmpegPath: string;
  ffprobePath: string;
  /** The sandbox of every program that reads a caller's bytes. */
  box: Box;
  /** A private temporary folder, owned and removed by the caller. */
  dir: string;
  /** Where picture and sound may be encoded by one process. */
  sharedRun?: SharedRun;
  /** How many ffmpeg processes may run at once for this job. */
  threads: number;
  /** Longer audio is a MediaError. */
  maxAudioSeconds: number;
  /** Larger pictures are a MediaError; default 100. */
  maxMegapixels?: number;
  /** Abort kills every child at once and rejects with the signal's reason. */
  signal: AbortSignal;
};
