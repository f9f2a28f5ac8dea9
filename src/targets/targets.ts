import {
  type GivenOptions,
  type TargetName,
  type VideoOptions,
  videoOptions,
} from '../video_options.ts';
import type { Encoding, Limit, Target } from './target.ts';

const megabyte = 1_000_000;
const minute = 60;
const hour = 60 * minute;

/**
 * Shapes that a picture seldom has: a blurred copy fills the space around it, where bars would look wrong.
 */
const upright: GivenOptions = { aspectRatio: '9:16', fit: 'blur' };
const wide: GivenOptions = { aspectRatio: '16:9', fit: 'blur' };

const noEditLists: Encoding = { noEditLists: true, sampleRate: 48_000 };

const youtubeLimits: Limit[] = [
  { rule: 'editLists', most: 0, source: 'youtube' },
  { rule: 'sampleRate', least: 48_000, source: 'youtube' },
  { rule: 'channels', least: 2, source: 'youtube' },
];
const youtubeAdvice = [
  {
    text: 'Key frames every half second. Ours are 4 s or more apart, which YouTube takes: a still picture gains nothing by more of them.',
    source: 'youtube' as const,
  },
];

const instagramLimits: Limit[] = [
  { rule: 'editLists', most: 0, source: 'instagram' },
  { rule: 'frameRate', least: 23, most: 60, source: 'instagram' },
  { rule: 'width', most: 1920, source: 'instagramSizes' },
  { rule: 'sampleRate', most: 48_000, source: 'instagram' },
  { rule: 'length', least: 3, most: 15 * minute, source: 'instagramSizes' },
  { rule: 'fileSize', most: 1000 * megabyte, source: 'instagramSizes' },
];

/**
 * The only table of places: docs/targets.md, GET /api/targets, the page, the encoding and the checks are
 * derived from it. Each number has a source.
 */
export const targets: Record<TargetName, Target> = {
  youtube: {
    title: 'YouTube',
    options: wide,
    encoding: noEditLists,
    limits: youtubeLimits,
    advice: youtubeAdvice,
  },
  shorts: {
    title: 'YouTube Shorts',
    options: upright,
    encoding: noEditLists,
    limits: [
      { rule: 'length', most: 3 * minute, source: 'shorts' },
      { rule: 'aspectRatio', most: 1, source: 'shorts' },
      ...youtubeLimits,
    ],
    advice: youtubeAdvice,
  },
  instagram: {
    title: 'Instagram feed',
    options: { aspectRatio: '4:5', fit: 'blur' },
    encoding: noEditLists,
    limits: [
      { rule: 'aspectRatio', least: 4 / 5, most: 16 / 9, source: 'instagramSizes' },
      ...instagramLimits,
    ],
    advice: [],
  },
  reels: {
    title: 'Instagram Reels',
    options: upright,
    encoding: { ...noEditLists, keySeconds: { least: 4, most: 5 } },
    limits: [
      { rule: 'aspectRatio', least: 0.01, most: 10, source: 'instagramSizes' },
      ...instagramLimits,
    ],
    advice: [
      { text: '9:16, so that nothing is cropped and no space is left blank.', source: 'instagram' },
    ],
  },
  tiktok: {
    title: 'TikTok',
    options: upright,
    encoding: {},
    limits: [
      { rule: 'length', least: 3, most: 10 * minute, source: 'tiktokLength' },
      { rule: 'fileSize', most: 4000 * megabyte, source: 'tiktok' },
      { rule: 'shorterSide', least: 360, source: 'tiktok' },
      { rule: 'longerSide', most: 4096, source: 'tiktok' },
      { rule: 'frameRate', least: 23, most: 60, source: 'tiktok' },
    ],
    advice: [{ text: 'Not every account may post more than 3 minutes.', source: 'tiktokLength' }],
  },
  x: {
    title: 'X',
    options: { resolution: '720p' },
    encoding: {},
    limits: [
      { rule: 'length', least: 0.5, most: 140, source: 'x' },
      { rule: 'fileSize', most: 512 * megabyte, source: 'x' },
      { rule: 'aspectRatio', least: 1 / 3, most: 3, source: 'x' },
      { rule: 'shorterSide', least: 32, most: 1024, source: 'x' },
      { rule: 'longerSide', most: 1280, source: 'x' },
      { rule: 'frameRate', most: 60, source: 'x' },
    ],
    advice: [{ text: 'Subscribers may upload 1080p; resolution=1080p makes that.', source: 'x' }],
  },
  linkedin: {
    title: 'LinkedIn',
    options: {},
    encoding: { leastBytes: 75 * 1024 },
    limits: [
      { rule: 'length', least: 3, most: 30 * minute, source: 'linkedin' },
      { rule: 'fileSize', least: 75 * 1024, most: 500 * megabyte, source: 'linkedin' },
      { rule: 'aspectRatio', least: 1 / 2.4, most: 2.4, source: 'linkedinSides' },
      { rule: 'shorterSide', least: 144, source: 'linkedinSides' },
      { rule: 'longerSide', least: 256, most: 4096, source: 'linkedinSides' },
      { rule: 'frameRate', least: 10, most: 60, source: 'linkedinSides' },
    ],
    advice: [],
  },
  facebook: {
    title: 'Facebook Reels',
    options: upright,
    encoding: { ...noEditLists, keySeconds: { least: 4, most: 5 } },
    limits: [
      { rule: 'length', least: 3, most: 90, source: 'facebook' },
      { rule: 'aspectRatio', least: 9 / 16, most: 9 / 16, source: 'facebook' },
      { rule: 'width', least: 540, source: 'facebook' },
      { rule: 'height', least: 960, source: 'facebook' },
      { rule: 'frameRate', least: 24, most: 60, source: 'facebook' },
      { rule: 'keyFrameDistance', most: 5, source: 'facebook' },
      { rule: 'sampleRate', least: 48_000, most: 48_000, source: 'facebook' },
      { rule: 'channels', least: 2, most: 2, source: 'facebook' },
    ],
    advice: [{ text: 'Sound of 128 kbit/s or more.', source: 'facebook' }],
  },
  spotify: {
    title: 'Spotify video podcasts',
    options: wide,
    encoding: noEditLists,
    limits: [
      { rule: 'length', most: 12 * hour, source: 'spotify' },
      { rule: 'aspectRatio', least: 16 / 9, most: 16 / 9, source: 'spotify' },
      { rule: 'height', least: 1080, source: 'spotify' },
      { rule: 'frameRate', least: 24, most: 60, source: 'spotify' },
      { rule: 'channels', least: 2, most: 2, source: 'spotify' },
    ],
    advice: [
      {
        text: 'Sound of 192 kbit/s or more. We encode at that; quiet or simple sound needs less, and AAC that you send is copied as it is.',
        source: 'spotify',
      },
    ],
  },
  whatsapp: {
    title: 'WhatsApp',
    options: { resolution: '720p' },
    encoding: {},
    limits: [{ rule: 'fileSize', most: 16 * megabyte, source: 'whatsapp' }],
    advice: [
      { text: 'The limit is that of its API; the apps send larger files.', source: 'whatsapp' },
      {
        text: 'No B-frames with the High profile. Ours have none.',
        source: 'whatsapp',
      },
    ],
  },
};

/** All options of a job: what was given, else what its target sets, else the defaults. */
export function completeOptions(given: GivenOptions): VideoOptions {
  const asked = given.target ? targets[given.target].options : {};
  return videoOptions.parse({ ...asked, ...given });
}
