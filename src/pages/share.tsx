import { htmlDocument } from './document.tsx';
import { basePath } from './page_headers.ts';
import { SharePreview } from './share_preview.tsx';
import {
  addressesOf,
  captionLabel,
  dateOf,
  descriptionOf,
  embedCode,
  lengthOf,
  type SharedVideo,
  titleOf,
} from './shared_video.ts';
import { Mark } from './top_bar.tsx';

/** The page to share: player, what it is, ways to pass it on, and the tags that link previews read. */
export function sharePage(publicUrl: string, token: string, video: SharedVideo): string {
  const base = basePath(publicUrl);
  const title = titleOf(video);
  const date = dateOf(video.finishedAt);
  return htmlDocument({
    base,
    title,
    description: descriptionOf(video),
    styles: 'share.css',
    script: 'share.js',
    bodyClass: `share share-${shapeOf(video)}`,
    head: <SharePreview publicUrl={publicUrl} token={token} video={video} />,
    body: (
      <>
        <img class="ambient" src={`${base}/media/${token}/poster.jpg`} alt="" />
        <main class="stage">
          <div class="screen">
            <Spacer video={video} />
            <Player base={base} token={token} video={video} />
            <button type="button" class="play" data-play aria-label="Play" hidden>
              <svg viewBox="0 0 24 24" aria-hidden="true">
                <path d="M7 4v16l13-8z" />
              </svg>
            </button>
            <span class="length" aria-hidden="true">
              {lengthOf(video.audioSeconds)}
            </span>
          </div>
          <div class="about">
            <h1>{title}</h1>
            {video.artist && <p class="artist">{video.artist}</p>}
            <p class="facts">
              <time datetime={video.finishedAt.toISOString()}>{date}</time>,{' '}
              {lengthOf(video.audioSeconds)}, {sizeOf(video.bytes)}
            </p>
            {video.description && <p class="description">{video.description}</p>}
            {video.bytes <= mostBytesForWave && <canvas class="sound needs-scripts" data-wave />}
            <Actions publicUrl={publicUrl} token={token} video={video} />
            <Maker base={base} />
          </div>
        </main>
      </>
    ),
  });
}

/** The page fetches the whole file to draw its sound. */
const mostBytesForWave = 10 * 2 ** 20;

/** Wide pictures lie above their words, others beside them. */
const shapeOf = ({ width, height }: SharedVideo) => (width > height * 1.2 ? 'wide' : 'upright');

/** Keeps the room of the video from the first moment: a canvas has its size before anything is loaded. */
const Spacer = ({ video }: { video: SharedVideo }) => (
  <canvas class="spacer" width={video.width} height={video.height} />
);

const Actions = ({
  publicUrl,
  token,
  video,
}: {
  publicUrl: string;
  token: string;
  video: SharedVideo;
}) => {
  const to = addressesOf(publicUrl, token);
  return (
    <>
      <div class="actions">
        <button type="button" class="primary needs-scripts" data-copy-link={to.page}>
          Copy link
        </button>
        <button type="button" class="needs-scripts" data-share hidden>
          Share…
        </button>
        <a class="button" href={`${basePath(publicUrl)}/media/${token}/video.mp4?download`}>
          Download
        </a>
        <details class="embedding">
          <summary class="button">Embed</summary>
          <label for="embed">Code to embed the player in another site</label>
          <textarea id="embed" rows={4} readonly spellcheck={false} data-embed>
            {embedCode(to.embed, titleOf(video), video)}
          </textarea>
          <button type="button" class="needs-scripts" data-copy-embed>
            Copy code
          </button>
        </details>
      </div>
      <p class="said" role="status" data-said />
    </>
  );
};

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

const notices = {
  gone: [
    'This video has expired',
    'Videos are removed after a while. Ask whoever sent you the link for a new one.',
  ],
  unknown: ['Video not found', 'This link may be incomplete. Check that you copied all of it.'],
  mistyped: ['Page not found', 'There is nothing at this address. Check it for typing errors.'],
} as const;

/** A kind word where there is no video (any more), or nothing at all. */
export function noticePage(publicUrl: string, why: keyof typeof notices): string {
  const base = basePath(publicUrl);
  const [title, text] = notices[why];
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
