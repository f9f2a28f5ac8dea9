/**
 * Where a number was read, and when. Either the place itself states it (owner), or others report it, who may
 * be mistaken or out of date.
 */
export type Source = { title: string; url: string; owner: boolean; read: string };

const read = '2026-11-28';

export const sources = {
  youtube: {
    title: 'YouTube Help: recommended upload encoding settings',
    url: 'https://support.google.com/youtube/answer/1722171',
    owner: true,
    read,
  },
  shorts: {
    title: 'Entrepreneur: YouTube Shorts of up to three minutes',
    url: 'https://www.entrepreneur.com/en-in/news-and-trends/youtube-drops-major-update-to-shorts/481432',
    owner: false,
    read,
  },
  instagram: {
    title: 'ContentStudio: requirements of the Instagram API',
    url: 'https://docs.contentstudio.io/article/830-what-are-the-requirements-to-directly-publish-images-and-videos-to-instagram',
    owner: false,
    read,
  },
  instagramSizes: {
    title: 'Circleboom: video and Reels limitations on Instagram',
    url: 'https://help.circleboom.com/publish/faq/video-and-reels-limitations-on-instagram',
    owner: false,
    read,
  },
  facebook: {
    title: 'Meta for Developers: Reels Publishing API',
    url: 'https://developers.facebook.com/docs/video-api/guides/reels-publishing',
    owner: true,
    read,
  },
  tiktok: {
    title: 'Fairpost: restrictions of the TikTok API',
    url: 'https://github.com/commonpike/fairpost/blob/develop/docs/TikTok.md',
    owner: false,
    read,
  },
  tiktokLength: {
    title: 'Emplifi: TikTok publishing',
    url: 'https://docs.emplifi.io/platform/latest/home/tiktok-publishing',
    owner: false,
    read,
  },
  x: {
    title: 'X Developer Platform: media best practices',
    url: 'https://docs.x.com/x-api/media/quickstart/best-practices',
    owner: true,
    read,
  },
  linkedin: {
    title: 'Microsoft Learn: LinkedIn Videos API',
    url: 'https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/videos-api',
    owner: true,
    read,
  },
  linkedinSides: {
    title: 'ChangeThisFile: LinkedIn native video',
    url: 'https://changethisfile.com/blog/convert-videos-for-linkedin-posts',
    owner: false,
    read,
  },
  spotify: {
    title: 'Spotify Support: video specs',
    url: 'https://support.spotify.com/us/creators/article/video-specs/',
    owner: true,
    read,
  },
  whatsapp: {
    title: 'ChatArchitect: video messages of the WhatsApp Cloud API',
    url: 'https://support.chatarchitect.com/books/meta-whatsapp/page/video-messages-developer-documentation',
    owner: false,
    read,
  },
} satisfies Record<string, Source>;

export type SourceName = keyof typeof sources;
