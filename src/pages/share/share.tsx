import { htmlDocument } from '../frame/document.tsx';
import { Maker } from '../frame/mark.tsx';
import { lengthOf, sizeOf } from '../frame/measures.ts';
import { basePath } from '../frame/page_headers.ts';
import { PlayButton } from '../frame/play_button.tsx';
import { SharePreview } from './share_preview.tsx';
import {
  addressesOf,
  captionLabel,
  dateOf,
  descriptionOf,
  embedCode,
  mostBytesForWave,
  type SharedVideo,
  titleOf,
} from './shared_video.ts';

/** The share page: the player, facts about the video, ways to pass it on, and the tags for link previews. */
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
            <PlayButton />
            <span class="length" aria-hidden="true">
              {lengthOf(video.audioSeconds)}
            </span>
          </div>
          <div class="about">
            <h1>
              <bdi>{title}</bdi>
            </h1>
            {video.artist && (
              <p class="artist">
                <bdi>{video.artist}</bdi>
              </p>
            )}
            <p class="facts">
              <time datetime={video.finishedAt.toISOString()}>{date}</time>,{' '}
              {lengthOf(video.audioSeconds)}, {sizeOf(video.bytes)}
            </p>
            {video.description && (
              <p class="description">
                <bdi>{video.description}</bdi>
              </p>
            )}
            <Sound base={base} token={token} video={video} />
            <Actions publicUrl={publicUrl} token={token} video={video} />
            <Maker base={base} />
          </div>
        </main>
      </>
    ),
  });
}

/** Wide videos stand above the text and upright ones beside it. Panoramas and tiny videos get more space around. */
function shapeOf({ width, height }: SharedVideo): string {
  if (width > height * 2.2 || height < 400) return 'low';
  return width > height * 1.2 ? 'wide' : 'upright';
}

/** The waveform, which share.js draws from the video file. */
const Sound = ({ base, token, video }: { base: string; token: string; video: SharedVideo }) => {
  if (video.bytes > mostBytesForWave) return null;
  const file = `${base}/media/${token}/video.mp4`;
  return (
    <canvas class="sound needs-scripts" data-wave={video.isInBucket ? `${file}?read` : file} />
  );
};

/** Reserves the space of the video: a canvas has its size before anything has loaded. */
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

/** Only the player, for frames on other sites. */
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

// A path and not PUBLIC_URL: the page's policy allows only the host that the visitor came to.
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
      // Safari shows only subtitles, not captions.
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
