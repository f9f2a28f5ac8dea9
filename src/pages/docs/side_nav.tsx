import type { Child } from 'hono/jsx';
import { endpoints } from '../../openapi/endpoints.ts';
import { Method } from '../reference/endpoint.tsx';
import { codesByStatus } from '../reference/errors.tsx';

type Entry = {
  /** The id of the element that it leads to. */
  id: string;
  shown: Child;
  /** Further words that the filter finds it by. */
  words?: string;
};
export type NavGroup = { title?: string; entries: Entry[] };

const named = ([id, shown]: [id: string, shown: string]): Entry => ({ id, shown });

export const docsNav: NavGroup[] = [
  {
    entries: (
      [
        ['top', 'Overview'],
        ['studio', 'Make a video'],
        ['authentication', 'Authentication'],
        ['quick-start', 'Quick start'],
      ] satisfies [string, string][]
    ).map(named),
  },
  {
    title: 'Endpoints',
    entries: endpoints.map(({ id, method, path, summary }) => ({
      id,
      words: `${method} ${path}`,
      shown: (
        <>
          <Method method={method} /> <span>{summary}</span>
        </>
      ),
    })),
  },
  {
    title: 'Guides',
    entries: (
      [
        ['targets', 'Targets'],
        ['webhooks', 'Webhooks'],
        ['errors', 'Errors'],
        ['rate-limits', 'Rate limits'],
      ] satisfies [string, string][]
    ).map(named),
  },
];

export const errorsNav: NavGroup[] = [
  { entries: [{ id: 'top', shown: 'Errors' }] },
  ...codesByStatus.map(([status, codes]) => ({
    title: String(status),
    entries: codes.map(([code]) => ({ id: code, words: String(status), shown: code })),
  })),
];

/** The sections of a page: beside it where there is room, or else behind the button in the bar. */
export const SideNav = ({ groups }: { groups: NavGroup[] }) => (
  <nav class="side" id="side" aria-label="On this page">
    <input
      type="search"
      id="filter"
      class="needs-scripts"
      placeholder="Filter  /"
      aria-label="Filter the sections"
      autocomplete="off"
      spellcheck={false}
    />
    {groups.map(({ title, entries }) => (
      <div data-group>
        {title && <p>{title}</p>}
        <ul>
          {entries.map(({ id, words, shown }) => (
            <li>
              <a href={`#${id}`} data-words={words}>
                {shown}
              </a>
            </li>
          ))}
        </ul>
      </div>
    ))}
    <p class="note" data-none hidden>
      Nothing matches.
    </p>
  </nav>
);
