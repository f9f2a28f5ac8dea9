import { htmlDocument } from './document.tsx';
import { basePath } from './page_headers.ts';
import { SharePreview } from './share_preview.tsx';
import {
  addressesOf,
  captionLabel,
  dateOf,
  lengthOf,
  type SharedVideo,
  titleOf,
} from './shared_video.ts';
import { Mark } from './top_bar.tsx';

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
    description: `${length} long, made with VidGen on ${date}.`,
    styles: 'share.css',
    script: 'share.js',
    bodyClass: 'share',
    head: <SharePreview publicUrl={publicUrl} token={token} video={video} />,
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
              <dt>Created</dt>
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
              Copy link
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
          'Videos are removed after a while. Ask whoever sent you the link for a new one.',
        ]
      : ['Video not found', 'This link may be incomplete. Check that you copied all of it.'];
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
  // biome-ignore lint/a11y/useMediaCaption: only callers know the spoken text
  <video
    src={`${base}/media/${token}/video.mp4`}
    poster={`${base}/media/${token}/poster.jpg`}
    width={video.width}
    height={video.height}
    aria-label={titleOf(video)}
    controls
    playsinline
    preload="metadata"
  >
    {video.captions && (
      // Safari shows no other kind.
      <track
        kind="subtitles"
        src={`${base}/media/${token}/captions.vtt`}
        srclang={video.captions.language ?? 'und'}
        label={captionLabel(video.captions.language)}
        default={video.captions.shown}
      />
    )}
  </video>
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
