import type { Config } from '../config.ts';
import { statingMaxFile } from '../upload/max_file.ts';
import { htmlDocument } from './document.tsx';
import { Endpoints } from './endpoint.tsx';
import { Hero, lead } from './hero.tsx';
import { basePath } from './page_headers.ts';
import { PagePreview } from './page_preview.tsx';
import { Authentication, QuickStart } from './quick_start.tsx';
import { Errors, RateLimits } from './reference.tsx';
import { SideNav } from './side_nav.tsx';
import { Studio } from './studio.tsx';
import { Targets } from './targets.tsx';
import { Footer, TopBar } from './top_bar.tsx';
import { Webhooks } from './webhooks.tsx';

/** The documentation at /: what the service does, with a panel to try each endpoint. */
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
        <a class="skip" href="#main">
          Skip to content
        </a>
        <TopBar />
        <SideNav />
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
