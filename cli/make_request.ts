import type { Check } from '../src/targets/check.ts';
import type { GivenOptions, Metadata } from '../src/video_options.ts';

/** What "vidgen make" is to make, wherever that is. */
export type MakeRequest = {
  /** Paths; a service takes addresses too. */
  files: { image: string; audio: string; captions?: string };
  options: GivenOptions;
  metadata?: Metadata;
  /** Path of the video; it appears there when it is whole. */
  output: string;
  signal: AbortSignal;
  onProgress(percent: number, what: string): void;
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
