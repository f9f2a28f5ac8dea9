import { addressesOf, descriptionOf, type SharedVideo, titleOf } from './shared_video.ts';

/** The tags for link previews: Open Graph, Twitter's player card, oEmbed. */
export const SharePreview = ({
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
  const description = descriptionOf(video);
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
      <meta property="og:image:alt" content="First frame of the video" />
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
      <meta name="twitter:image:alt" content="First frame of the video" />
      <meta name="twitter:player" content={to.embed} />
      <meta name="twitter:player:width" content={width} />
      <meta name="twitter:player:height" content={height} />
      <meta name="twitter:player:stream" content={to.video} />
      <meta name="twitter:player:stream:content_type" content="video/mp4" />
    </>
  );
};
