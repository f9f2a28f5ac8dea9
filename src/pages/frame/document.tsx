import type { Child } from 'hono/jsx';
import { assetPath } from './assets.ts';

/** A whole HTML document, as text. */
export function htmlDocument(o: {
  base: string;
  title: string;
  description: string;
  styles: string;
  script?: string;
  /** Further elements of the head, such as link previews. */
  head?: Child;
  bodyClass?: string;
  body: Child;
}): string {
  const url = (name: string) => o.base + assetPath(name);
  return `<!DOCTYPE html>${(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{o.title}</title>
        <meta name="description" content={o.description} />
        <meta name="color-scheme" content="light dark" />
        <meta name="theme-color" content="#fcfbf8" media="(prefers-color-scheme: light)" />
        <meta name="theme-color" content="#15141b" media="(prefers-color-scheme: dark)" />
        <link rel="icon" href={url('icon.svg')} type="image/svg+xml" />
        <link rel="stylesheet" href={url(o.styles)} />
        {o.script && <script type="module" src={url(o.script)} />}
        {o.head}
      </head>
      <body class={o.bodyClass}>{o.body}</body>
    </html>
  )}`;
}
