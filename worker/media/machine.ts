import type { Box } from './box/box.ts';

/** What a video is made on: programs, room, and how much of it may be used. */
export type Machine = {
  /** Whole paths. */
  ffmpegPath: string;
  ffprobePath: string;
  /** What every program runs in that touches a caller's bytes. */
  box: Box;
  /** A private temporary folder, owned and removed by the caller. */
  dir: string;
  /** How many ffmpeg processes may run at once for this job. */
  threads: number;
  /** Longer audio is a MediaError. */
  maxAudioSeconds: number;
  /** Larger pictures are a MediaError; 100 where it is not set. */
  maxMegapixels?: number;
  /** Abort kills every child at once and rejects with the signal's reason. */
  signal: AbortSignal;
};
