import { endpoints } from '../openapi/endpoints.ts';
import { Method } from './endpoint.tsx';

const guides = [
  ['targets', 'Targets'],
  ['webhooks', 'Webhooks'],
  ['errors', 'Errors'],
  ['rate-limits', 'Rate limits'],
] as const;

/** All there is on the page, beside it where there is room, else behind the button in the bar. */
export const SideNav = () => (
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
    <ul>
      <Entry id="top">Overview</Entry>
      <Entry id="studio">Make a video</Entry>
      <Entry id="authentication">Authentication</Entry>
      <Entry id="quick-start">Quick start</Entry>
    </ul>
    <p>Endpoints</p>
    <ul>
      {endpoints.map(({ id, method, path, summary }) => (
        <Entry id={id} words={`${method} ${path}`}>
          <Method method={method} /> <span>{summary}</span>
        </Entry>
      ))}
    </ul>
    <p>Guides</p>
    <ul>
      {guides.map(([id, title]) => (
        <Entry id={id}>{title}</Entry>
      ))}
    </ul>
    <p class="note" data-none hidden>
      Nothing matches.
    </p>
  </nav>
);

/** `words`: what the filter finds it by, besides what it shows. */
const Entry = ({ id, words, children }: { id: string; words?: string; children?: unknown }) => (
  <li>
    <a href={`#${id}`} data-words={words}>
      {children}
    </a>
  </li>
);
