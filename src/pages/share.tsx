import type { Shared } from '../routes/share.ts';

/** The page around a video, or a kind word when there is none at this address (any more). */
export function sharePage(publicUrl: string, token: string, shared: Shared | undefined) {
  if (!shared)
    return notice('No video here', 'This link is not known. Check that it was copied whole.');
  if (shared.gone)
    return notice(
      'This video has expired',
      'Videos are kept for a limited time. Ask its maker for a new one.',
    );
  const video = `${publicUrl}/media/${token}/video.mp4`;
  const poster = `${publicUrl}/media/${token}/poster.jpg`;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Video</title>
        <meta property="og:type" content="video.other" />
        <meta property="og:title" content="Video" />
        <meta property="og:url" content={`${publicUrl}/share/${token}`} />
        <meta property="og:image" content={poster} />
        <meta property="og:video" content={video} />
        <meta property="og:video:type" content="video/mp4" />
        <meta property="og:video:width" content={String(shared.width)} />
        <meta property="og:video:height" content={String(shared.height)} />
        <meta name="twitter:card" content="player" />
        <meta name="twitter:title" content="Video" />
        <meta name="twitter:image" content={poster} />
        <meta name="twitter:player" content={`${publicUrl}/share/${token}`} />
        <meta name="twitter:player:width" content={String(shared.width)} />
        <meta name="twitter:player:height" content={String(shared.height)} />
      </head>
      <body>
        <main>
          {/* biome-ignore lint/a11y/useMediaCaption: the spoken text is not known */}
          <video
            src={video}
            poster={poster}
            width={shared.width}
            height={shared.height}
            controls
            playsinline
            preload="metadata"
          />
          <p>
            <a href={`${video}?download`}>Download</a>
          </p>
        </main>
      </body>
    </html>
  );
}

const notice = (title: string, text: string) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>{title}</title>
    </head>
    <body>
      <main>
        <h1>{title}</h1>
        <p>{text}</p>
      </main>
    </body>
  </html>
);
