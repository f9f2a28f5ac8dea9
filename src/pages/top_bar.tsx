/** The name, the way to the sections, and how the service is. */
export const TopBar = () => (
  <header class="bar">
    <a class="brand" href="#top">
      <Mark />
      <span>
        VidGen <span class="brand-more">API v1</span>
      </span>
    </a>
    <nav aria-label="Sections">
      <a href="#endpoints">Endpoints</a>
      <a href="#targets">Targets</a>
      <a href="#webhooks">Webhooks</a>
      <a href="#errors">Errors</a>
      <a href="#rate-limits">Rate limits</a>
    </nav>
    <button
      type="button"
      class="needs-scripts"
      id="side-open"
      aria-expanded="false"
      aria-controls="side"
    >
      <span class="unseen">Sections: </span>
      <span id="side-current">Overview</span>
    </button>
    <p class="pill" id="pill" role="status" data-state="unknown">
      <span class="pill-dot" aria-hidden="true" />
      <span id="pill-text">Service status</span>
    </p>
  </header>
);

/** A frame around a wave: picture and sound. */
export const Mark = () => (
  <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
    <rect x="1" y="1" width="30" height="30" rx="8" />
    <path d="M8 13v6M12.5 9.5v13M17 12v8M21.5 7.5v17M26 14v4" />
  </svg>
);

export const Footer = () => (
  <footer class="foot">
    <p>
      VidGen API v1. OpenAPI specification: <a href="openapi.json">openapi.json</a>.
    </p>
    <p>
      <a href="#top">Back to top</a>
    </p>
  </footer>
);
