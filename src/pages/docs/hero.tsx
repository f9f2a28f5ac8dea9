import { CopyButton } from '../reference/code.tsx';

/** What the service does, in two sentences. */
export const lead =
  'Generate videos from a single image and an audio file via a simple HTTP API. Submit a job, poll for status, get back a finished video.';

export const Hero = ({ publicUrl }: { publicUrl: string }) => (
  <section class="hero" id="top" aria-labelledby="title">
    <h1 id="title">VidGen API</h1>
    <p class="lead">{lead}</p>
    <div class="facts">
      <dl>
        <div>
          <dt>Base URL</dt>
          <dd>
            <code data-copy-source>{publicUrl}</code>
            <CopyButton what="Base URL" />
          </dd>
        </div>
        <div>
          <dt>Auth</dt>
          <dd>
            <code>X-API-Key</code>
          </dd>
        </div>
      </dl>
      <button type="button" class="copy needs-scripts" data-copy data-from="docs.md">
        Copy page
      </button>
    </div>
  </section>
);
