import type { Child } from 'hono/jsx';
import type { Config } from '../../config.ts';
import { endpoints } from '../../openapi/endpoints.ts';
import { statingMaxFile } from '../../upload/max_file.ts';
import { EndpointSection } from '../reference/endpoint.tsx';
import { ErrorCodes, Errors } from '../reference/errors.tsx';
import { Authentication, QuickStart } from '../reference/quick_start.tsx';
import { RateLimits } from '../reference/rate_limits.tsx';
import { Targets } from '../reference/targets.tsx';
import { Webhooks } from '../reference/webhooks.tsx';
import { lead } from './hero.tsx';
import { markdownOf } from './markdown.ts';

type ManualConfig = Config & { publicUrl: string };
type Section = { id: string; title: string; node: Child };

/** The sections of the page, by their anchors. */
function sectionsOf({ publicUrl, rateLimits }: ManualConfig): Section[] {
  return [
    { id: 'authentication', title: 'Authentication', node: <Authentication /> },
    { id: 'quick-start', title: 'Quick start', node: <QuickStart publicUrl={publicUrl} /> },
    ...endpoints.map((endpoint) => ({
      id: endpoint.id,
      title: `${endpoint.method} ${endpoint.path}: ${endpoint.summary}`,
      node: <EndpointSection endpoint={endpoint} publicUrl={publicUrl} />,
    })),
    { id: 'targets', title: 'Targets', node: <Targets /> },
    {
      id: 'webhooks',
      title: 'Webhooks',
      node: <Webhooks catcher={false} />,
    },
    {
      id: 'errors',
      title: 'Errors',
      node: (
        <>
          <Errors />
          <ErrorCodes />
        </>
      ),
    },
    { id: 'rate-limits', title: 'Rate limits', node: <RateLimits limits={rateLimits} /> },
  ];
}

/** The documentation as Markdown, by file name; `docs` is all of it, and `llms` lists the files. */
export function manualOf(config: ManualConfig): Map<string, string> {
  const sections = sectionsOf(config);
  const { publicUrl } = config;
  const addressOf = (id: string) => `${publicUrl}/docs/${id}.md`;
  const isSection = new Set(sections.map(({ id }) => id));
  /** Links within the page lead to the file of the section, or else to the page; none depends on its own place. */
  const text = (node: Child) =>
    statingMaxFile(markdownOf(node), config.maxFileBytes)
      .replaceAll(
        /\]\(#([\w-]+)\)/g,
        (_, id: string) => `](${isSection.has(id) ? addressOf(id) : `${publicUrl}/#${id}`})`,
      )
      .replaceAll(/\]\((?!https?:)([^)]+)\)/g, `](${publicUrl}/$1)`);
  const texts = new Map(sections.map(({ id, node }) => [id, text(node)]));
  const index = `# VidGen API

> ${lead}

Everything in one file: [docs.md](${publicUrl}/docs.md). For programs: [openapi.json](${publicUrl}/openapi.json). For
agents: tools over the Model Context Protocol at ${publicUrl}/mcp, with an API key as a bearer token.

## Docs

${sections.map(({ id, title }) => `- [${title}](${addressOf(id)})`).join('\n')}
`;
  const whole = `# VidGen API\n\n${lead}\n\n${[...texts.values()].join('\n')}`;
  return new Map([...texts, ['docs', whole], ['llms', index]]);
}
