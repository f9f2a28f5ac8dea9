import { lengthOf } from '../frame/measures.ts';

/** A finished video, as the share page and link previews describe it. */
export type SharedVideo = {
  width: number;
  height: number;
  audioSeconds: number;
  finishedAt: Date;
  bytes: number;
  /** Whether browsers load it from a bucket instead of this service. */
  isInBucket: boolean;
  title: string | null;
  artist: string | null;
  description: string | null;
  captions?: {
    /** A BCP 47 language tag. */
    language: string | null;
    /** Whether they are on by default. */
    shown: boolean;
  };
};

/** The page fetches the whole file to draw the waveform, up to this size. */
export const mostBytesForWave = 10 * 2 ** 20;

/** The addresses of a video, all absolute, as link previews require. */
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

/** The caller's title, or the length. */
export const titleOf = (video: SharedVideo) =>
  directed(video.title ?? '') || `Video (${lengthOf(video.audioSeconds)})`;

/** The caller's description, or the day the video was made. */
export const descriptionOf = (video: SharedVideo) =>
  directed(video.description ?? '') || `Made with VidGen on ${dateOf(video.finishedAt)}.`;

/**
 * For where the words of a caller stand among others and no element isolates them, such as link previews: without the
 * characters that turn the direction of whatever follows.
 */
export const directed = (text: string): string =>
  text.replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, '');

/** A file name that every file system accepts: the title, or the day the video was made. */
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

/** The HTML that embeds the player in another site. */
export function embedCode(embed: string, title: string, size: { width: number; height: number }) {
  const quoted = title.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  return `<iframe src="${embed}" width="${size.width}" height="${size.height}" title="${quoted}" frameborder="0" allow="fullscreen" allowfullscreen></iframe>`;
}

/** The label of the captions in players: the language's own name for itself. */
export function captionLabel(language: string | null): string {
  const name = language && new Intl.DisplayNames([language], { type: 'language' }).of(language);
  return name || 'Captions';
}
