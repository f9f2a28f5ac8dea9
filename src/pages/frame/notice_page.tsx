import { htmlDocument } from './document.tsx';
import { Maker } from './mark.tsx';
import { basePath } from './page_headers.ts';

const notices = {
  removed: [
    'This video was removed',
    'Videos are kept for a limited time, and their owners can remove them earlier. Ask the person who sent you the link for a new one.',
  ],
  ended: [
    'This video is no longer shared',
    'Its owner has ended the sharing. Ask the person who sent you the link.',
  ],
  unknown: ['Video not found', 'This link may be incomplete. Check that you copied all of it.'],
  mistyped: ['Page not found', 'There is nothing at this address. Check it for typing errors.'],
} as const;

/** The page shown where there is no video, or none any more. */
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
