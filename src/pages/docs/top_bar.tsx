import { Mark } from '../frame/mark.tsx';

/**
 * The name, links to the sections, and the state of the service.
 *
 * @param home the address of the page with the sections, '' on that page itself
 */
export const TopBar = ({ home = '', current }: { home?: string; current: string }) => (
  <header class="bar">
    <a class="brand" href={home || '#top'}>
      <Mark />
      <span>
        VidGen <span class="brand-more">API v1</span>
      </span>
    </a>
    <nav aria-label="Sections">
      <a href={`${home}#endpoints`}>Endpoints</a>
      <a href={`${home}#targets`}>Targets</a>
      <a href={`${home}#webhooks`}>Webhooks</a>
      <a href={`${home}#errors`}>Errors</a>
      <a href={`${home}#rate-limits`}>Rate limits</a>
    </nav>
    <button
      type="button"
      class="needs-scripts"
      id="side-open"
      aria-expanded="false"
      aria-controls="side"
    >
      <span class="unseen">Sections: </span>
      <span id="side-current">{current}</span>
    </button>
    <p class="pill" id="pill" role="status" data-state="unknown">
      <span class="pill-dot" aria-hidden="true" />
      <span id="pill-text">Service status</span>
    </p>
  </header>
);

export const SkipLink = () => (
  <a class="skip" href="#main">
    Skip to content
  </a>
);

export const Footer = ({ home }: { home?: string }) => (
  <footer class="foot">
    <p>
      VidGen API v1. OpenAPI specification: <a href="openapi.json">openapi.json</a>.
    </p>
    <p>
      {home && <a href={home}>All of the API</a>} <a href="#top">Back to top</a>
    </p>
  </footer>
);
