import type { Config } from '../../config.ts';
import { statingMaxFile } from '../../upload/max_file.ts';
import { htmlDocument } from '../frame/document.tsx';
import { basePath } from '../frame/page_headers.ts';
import { ErrorCodes } from '../reference/errors.tsx';
import { errorsNav, SideNav } from './side_nav.tsx';
import { Footer, SkipLink, TopBar } from './top_bar.tsx';

/** The page that `docs` in each error response links to. */
export function errorsPage({ publicUrl, maxFileBytes }: Config & { publicUrl: string }): string {
  const page = htmlDocument({
    base: basePath(publicUrl),
    title: 'Errors · VidGen API',
    description: 'Every error code of the VidGen API, and what to do about it.',
    styles: 'docs.css',
    script: 'errors.js',
    bodyClass: 'docs',
    head: <link rel="alternate" type="text/markdown" href="errors.md" />,
    body: (
      <>
        <SkipLink />
        <TopBar home="./" current="Errors" />
        <SideNav groups={errorsNav} />
        <main id="main">
          <section class="hero" id="top" aria-labelledby="title">
            <h1 id="title">Errors</h1>
            <p class="lead">
              Every error has a <code>code</code>. The sentence in <code>error</code> may say more
              and may change; the code never does.
            </p>
          </section>
          <ErrorCodes />
        </main>
        <Footer home="./" />
      </>
    ),
  });
  return statingMaxFile(page, maxFileBytes);
}
