import { assetPath } from '../frame/assets.ts';
import { lead } from './hero.tsx';

/** The tags for link previews: Open Graph and Twitter's large card. samples/preview.ts makes the picture. */
export const PagePreview = ({ publicUrl }: { publicUrl: string }) => (
  <>
    <meta property="og:type" content="website" />
    <meta property="og:site_name" content="VidGen" />
    <meta property="og:title" content="VidGen API" />
    <meta property="og:description" content={lead} />
    <meta property="og:url" content={`${publicUrl}/`} />
    <meta property="og:image" content={publicUrl + assetPath('preview.jpg')} />
    <meta property="og:image:type" content="image/jpeg" />
    <meta property="og:image:width" content="1200" />
    <meta property="og:image:height" content="630" />
    <meta
      property="og:image:alt"
      content="A portrait and the waveform of a voice: one image and one audio file become a finished video."
    />
    <meta name="twitter:card" content="summary_large_image" />
  </>
);
