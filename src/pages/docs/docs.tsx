import type { Config } from '../../config.ts';
import { statingMaxFile } from '../../upload/max_file.ts';
import { htmlDocument } from '../frame/document.tsx';
import { basePath } from '../frame/page_headers.ts';
import { Endpoints } from '../reference/endpoint.tsx';
import { Errors } from '../reference/errors.tsx';
import { Authentication, QuickStart } from '../reference/quick_start.tsx';
import { RateLimits } from '../reference/rate_limits.tsx';
import { Targets } from '../reference/targets.tsx';
import { Webhooks } from '../reference/webhooks.tsx';
import { Studio } from '../studio/studio.tsx';
import { Hero, lead } from './hero.tsx';
import { PagePreview } from './page_preview.tsx';
import { docsNav, SideNav } from './side_nav.tsx';
import { Footer, SkipLink, TopBar } from './top_bar.tsx';

/** The documentation at /, with the studio and a panel to try each endpoint. */
export function docsPage(config: Config & { publicUrl: string }): string {
  const { publicUrl } = config;
  const page = htmlDocument({
    base: basePath(publicUrl),
    title: 'VidGen API',
    description: lead,
    styles: 'docs.css',
    script: 'docs.js',
    bodyClass: 'docs',
    head: (
      <>
        <link rel="alternate" type="application/json" href="openapi.json" title="OpenAPI" />
        <PagePreview publicUrl={publicUrl} />
      </>
    ),
    body: (
      <>
        <SkipLink />
        <TopBar current="Overview" />
        <SideNav groups={docsNav} />
        <main id="main" data-base-url={publicUrl}>
          <Hero publicUrl={publicUrl} />
          <Studio publicUrl={publicUrl} maxFileBytes={config.maxFileBytes} />
          <Authentication />
          <QuickStart publicUrl={publicUrl} />
          <Endpoints publicUrl={publicUrl} />
          <Targets />
          <Webhooks catcher={config.webhookCatcher ?? false} />
          <Errors />
          <RateLimits limits={config.rateLimits} />
        </main>
        <Footer />
      </>
    ),
  });
  return statingMaxFile(page, config.maxFileBytes);
}
