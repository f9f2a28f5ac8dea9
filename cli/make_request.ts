import type { Check } from '../src/targets/check.ts';
import type { GivenOptions, Metadata } from '../src/video_options.ts';

/** What "vidgen make" is to make, wherever that is. */
export type MakeRequest = {
  /** Paths; a service takes addresses too. */
  files: { image: string; audio: string; captions?: string };
  options: GivenOptions;
  /** Path of the video; it appears there when it is whole. */
  output: string;
  signal: AbortSignal;
  onProgress(percent: number, what: string): void;
};

/** What a service is to make: a job, of files or of those that an ended job has left. */
export type JobRequest = Omit<MakeRequest, 'files'> & {
  of: MakeRequest['files'] | { retryOf: string };
  metadata?: Metadata;
  /** What to do while another job of the API key is active. */
  whenBusy: 'fail' | 'wait' | 'cancel';
};

export type MadeFile = {
  /** Path of the video. */
  file: string;
  bytes: number;
  /** Hexadecimal. */
  sha256: string;
  /** Pixels. */
  width: number;
  height: number;
  seconds: number;
  warnings: string[];
  /** The rules of a target. */
  checks: Check[];
  /** Of a service. */
  jobId?: string;
  shareLink?: string;
};
