import type { Encoding } from '../../src/targets/target.ts';
import { targets } from '../../src/targets/targets.ts';
import type { VideoOptions } from '../../src/video_options.ts';
import type { Canvas } from './picture/canvas.ts';
import { mostZoom } from './picture/motion.ts';

/**
 * What to make of picture, sound and captions: everything that the options decide, and nothing about the
 * files.
 */
export type Recipe = {
  canvas: Canvas;
  /** Seconds from one key frame to the next: the least when they are light, the most when they are heavy. */
  keySeconds: { least: number; most: number };
  motion: VideoOptions['motion'];
  waveform?: {
    style: Exclude<VideoOptions['waveform'], 'none'>;
    color: string;
    position: VideoOptions['waveformPosition'];
  };
  /** Only if captions were given. */
  captions?: { style: VideoOptions['captionStyle']; language?: string };
  sound: SoundPlan;
  tags: Tags;
  /** The file is padded to at least this many bytes. */
  leastBytes?: number;
  /** The place of publication misreads edit lists, so there are none and the encoder's run-up is removed. */
  noEditLists: boolean;
};

export type SoundPlan = {
  /** Integrated loudness in LUFS, or unchanged. */
  loudness: number | 'keep';
  /** Bits per second. */
  stereoBitRate: number;
  monoBitRate: number;
  /** The only acceptable sample rate; unset: 44.1 or 48 kHz, whichever suits the source. */
  sampleRate?: 48_000;
};

export type Tags = { title?: string; artist?: string; description?: string };

/** Key frames make seeking fast and files big. */
const keySeconds = { least: 4, most: 16 };

/** The only reader of options in the worker. */
export function recipeFor(options: VideoOptions, hasCaptions = false): Recipe {
  const { title, artist, description } = options;
  const encoding: Encoding = options.target ? targets[options.target].encoding : {};
  return {
    canvas: canvasOf(options, hasCaptions && options.captionStyle !== 'track'),
    keySeconds: encoding.keySeconds ?? keySeconds,
    motion: options.motion,
    waveform: waveformOf(options),
    captions: hasCaptions
      ? { style: options.captionStyle, language: options.captionLanguage }
      : undefined,
    sound: {
      loudness: options.loudness,
      stereoBitRate: 192_000,
      monoBitRate: 128_000,
      sampleRate: encoding.sampleRate,
    },
    tags: { title, artist, description },
    leastBytes: encoding.leastBytes,
    noEditLists: encoding.noEditLists ?? false,
  };
}

const ratios = {
  source: 'source',
  '16:9': [16, 9],
  '9:16': [9, 16],
  '1:1': [1, 1],
  '4:5': [4, 5],
} as const;

function canvasOf(options: VideoOptions, isCaptioned: boolean): Canvas {
  const { aspectRatio, resolution, fit, background, motion, waveform } = options;
  const shortSide = Number.parseInt(resolution, 10);
  const canvas = { ratio: ratios[aspectRatio], shortSide, fit, background };
  // More pixels cost more for each frame: of motion alone one cycle is made, of all else every frame.
  const isCycle = motion !== 'none' && waveform === 'none' && !isCaptioned;
  return isCycle ? { ...canvas, detail: mostZoom } : canvas;
}

function waveformOf({ waveform: style, waveformColor, waveformPosition }: VideoOptions) {
  if (style === 'none') return undefined;
  return { style, color: waveformColor, position: waveformPosition };
}
