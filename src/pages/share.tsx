import { htmlDocument } from './document.tsx';
import { basePath } from './page_headers.ts';
import { Mark } from './top_bar.tsx';

export type SharedVideo = {
  width: number;
  height: number;
  audioSeconds: number;
  finishedAt: Date;
  bytes: number;
};

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

/** m:ss, or h:mm:ss from an hour on; whole seconds, as players count them. */
export function lengthOf(seconds: number): string {
  const whole = Math.floor(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const rest = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

const dateOf = (date: Date) =>
  date.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });

export const titleOf = (video: SharedVideo) => `A video of ${lengthOf(video.audioSeconds)}`;

/** The page to share: player, length, date, download, and the tags that link previews read. */
export function sharePage(publicUrl: string, token: string, video: SharedVideo): string {
  const base = basePath(publicUrl);
  const to = addressesOf(publicUrl, token);
  const title = titleOf(video);
  const length = lengthOf(video.audioSeconds);
  const date = dateOf(video.finishedAt);
  return htmlDocument({
    base,
    title,
    description: `${length}, made on ${date} with VidGen.`,
    styles: 'share.css',
    script: 'share.js',
    bodyClass: 'share',
    head: <Preview publicUrl={publicUrl} token={token} video={video} />,
    body: (
      <main class="stage">
        <h1 class="unseen">{title}</h1>
        <Player base={base} token={token} video={video} />
        <div class="below">
          <dl class="about">
            <div>
              <dt>Length</dt>
              <dd>{length}</dd>
            </div>
            <div>
              <dt>Made on</dt>
              <dd>
                <time datetime={video.finishedAt.toISOString()}>{date}</time>
              </dd>
            </div>
            <div>
              <dt>Size</dt>
              <dd>{sizeOf(video.bytes)}</dd>
            </div>
          </dl>
          <div class="actions">
            <a class="button primary" href={`${base}/media/${token}/video.mp4?download`}>
              Download
            </a>
            <button type="button" class="needs-scripts" data-copy-link={to.page}>
              Copy the link
            </button>
          </div>
          <p class="note copied" role="status" data-copied />
        </div>
        <Maker base={base} />
      </main>
    ),
  });
}

/** Nothing but the player, for frames on other sites. */
export function embedPage(publicUrl: string, token: string, video: SharedVideo): string {
  const base = basePath(publicUrl);
  return htmlDocument({
    base,
    title: titleOf(video),
    description: '',
    styles: 'share.css',
    bodyClass: 'embed',
    body: (
      <main>
        <h1 class="unseen">{titleOf(video)}</h1>
        <Player base={base} token={token} video={video} />
      </main>
    ),
  });
}

/** A kind word where there is no video (any more). */
export function noVideoPage(publicUrl: string, why: 'unknown' | 'gone'): string {
  const base = basePath(publicUrl);
  const [title, text] =
    why === 'gone'
      ? [
          'This video has expired',
          'Videos are kept for a while and then removed. Whoever sent you the link can make a new one.',
        ]
      : [
          'No video here',
          'Nothing is known under this link. Part of it may have got lost on the way: check that it was copied whole.',
        ];
  return htmlDocument({
    base,
    title,
    description: text,
    styles: 'share.css',
    bodyClass: 'share',
    body: (
      <main class="notice">
        <svg class="empty" viewBox="0 0 120 80" aria-hidden="true">
          <rect x="2" y="2" width="116" height="76" rx="12" />
          <path d="M14 40h92" />
        </svg>
        <h1>{title}</h1>
        <p>{text}</p>
        <Maker base={base} />
      </main>
    ),
  });
}

// The player is of this very host, whatever PUBLIC_URL says: the page's policy allows no other.
const Player = ({ base, token, video }: { base: string; token: string; video: SharedVideo }) => (
  // biome-ignore lint/a11y/useMediaCaption: the spoken text is not known
  <video
    src={`${base}/media/${token}/video.mp4`}
    poster={`${base}/media/${token}/poster.jpg`}
    width={video.width}
    height={video.height}
    aria-label={titleOf(video)}
    controls
    playsinline
    preload="metadata"
  />
);

const Maker = ({ base }: { base: string }) => (
  <p class="maker">
    <a href={`${base}/`}>
      <Mark /> Made with VidGen
    </a>
  </p>
);

const sizeOf = (bytes: number) =>
  bytes < 1024 * 1024
    ? `${Math.max(1, Math.round(bytes / 1024))} KB`
    : `${(bytes / 1024 / 1024).toFixed(1)} MB`;

const Preview = ({
  publicUrl,
  token,
  video,
}: {
  publicUrl: string;
  token: string;
  video: SharedVideo;
}) => {
  const to = addressesOf(publicUrl, token);
  const title = titleOf(video);
  const [width, height] = [String(video.width), String(video.height)];
  const description = `Made on ${dateOf(video.finishedAt)} with VidGen.`;
  const secure = publicUrl.startsWith('https:');
  return (
    <>
      <link rel="canonical" href={to.page} />
      <link rel="alternate" type="application/json+oembed" href={to.oembed} title={title} />
      <meta property="og:type" content="video.other" />
      <meta property="og:site_name" content="VidGen" />
      <meta property="og:title" content={title} />
      <meta property="og:description" content={description} />
      <meta property="og:url" content={to.page} />
      <meta property="og:image" content={to.poster} />
      <meta property="og:image:type" content="image/jpeg" />
      <meta property="og:image:width" content={width} />
      <meta property="og:image:height" content={height} />
      <meta property="og:image:alt" content="The first picture of the video" />
      <meta property="og:video" content={to.video} />
      {secure && <meta property="og:video:secure_url" content={to.video} />}
      <meta property="og:video:type" content="video/mp4" />
      <meta property="og:video:width" content={width} />
      <meta property="og:video:height" content={height} />
      <meta property="video:duration" content={String(Math.round(video.audioSeconds))} />
      <meta property="video:release_date" content={video.finishedAt.toISOString()} />
      <meta name="twitter:card" content="player" />
      <meta name="twitter:title" content={title} />
      <meta name="twitter:description" content={description} />
      <meta name="twitter:image" content={to.poster} />
      <meta name="twitter:image:alt" content="The first picture of the video" />
      <meta name="twitter:player" content={to.embed} />
      <meta name="twitter:player:width" content={width} />
      <meta name="twitter:player:height" content={height} />
      <meta name="twitter:player:stream" content={to.video} />
      <meta name="twitter:player:stream:content_type" content="video/mp4" />
    </>
  );
};
