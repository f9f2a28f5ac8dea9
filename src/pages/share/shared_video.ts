import { lengthOf } from '../frame/measures.ts';

/** A finished video as the pages around it tell of it. */
export type SharedVideo = {
  width: number;
  height: number;
  audioSeconds: number;
  finishedAt: Date;
  bytes: number;
  /** Whether a bucket serves it, and not this host. */
  isInBucket: boolean;
  title: string | null;
  artist: string | null;
  description: string | null;
  captions?: {
    /** A BCP 47 tag. */
    language: string | null;
    /** Without being asked for. */
    shown: boolean;
  };
};

/** The page fetches the whole file to draw its sound: not more than this. */
export const mostBytesForWave = 10 * 2 ** 20;

/** The addresses around a video, all absolute: link previews take no others. */
export function addressesOf(publicUrl: string, token: string) {
  const page = `${publicUrl}/share/${token}`;
  return {
    page,
    embed: `${page}/embed`,
    video: `${publicUrl}/media/${token}/video.mp4`,
    poster: `${publicUrl}/media/${token}/poster.jpg`,
    oembed: `${publicUrl}/oembed?url=${encodeURIComponent(page)}`,
  };
}

export const dateOf = (date: Date) =>
  date.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });

export const titleOf = (video: SharedVideo) =>
  video.title ?? `Video (${lengthOf(video.audioSeconds)})`;

/** The caller's own words about the video, or when it was made. */
export const descriptionOf = (video: SharedVideo) =>
  video.description ?? `Made with VidGen on ${dateOf(video.finishedAt)}.`;

/** A name that any file system takes: the title, or the day it was made. */
export function fileNameOf({
  title,
  finishedAt,
}: Pick<SharedVideo, 'title' | 'finishedAt'>): string {
  const name = (title ?? '')
    .replaceAll(/[\s\p{C}/\\:*?"<>|]+/gu, ' ')
    .trim()
    .replaceAll(/^\.+|\.+$/g, '')
    .slice(0, 80)
    .trim();
  return `${name || `video-${finishedAt.toISOString().slice(0, 10)}`}.mp4`;
}

/** The player for frames on other sites. */
export function embedCode(embed: string, title: string, size: { width: number; height: number }) {
  const quoted = title.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  return `<iframe src="${embed}" width="${size.width}" height="${size.height}" title="${quoted}" frameborder="0" allow="fullscreen" allowfullscreen></iframe>`;
}

/** What players call the captions: their language, in that language. */
export function captionLabel(language: string | null): string {
  const name = language && new Intl.DisplayNames([language], { type: 'language' }).of(language);
  return name || 'Captions';
}
