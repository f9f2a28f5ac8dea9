import { Samples } from './code.tsx';
import { samplesOf } from './samples.ts';

export const Authentication = () => (
  <section id="authentication" aria-labelledby="authentication-title">
    <div class="split">
      <div>
        <h2 id="authentication-title">Authentication</h2>
        <p>
          Every request except the health check carries your API key in the <code>X-API-Key</code>{' '}
          header. Treat the key like a password: whoever has it can submit jobs as you.
        </p>
      </div>
      <div class="card key">
        <label for="key">Your API key</label>
        <div class="row needs-scripts">
          <input
            id="key"
            type="password"
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            placeholder="vg_…"
            aria-describedby="key-note"
          />
          <button type="button" id="key-show" aria-pressed="false">
            Show
          </button>
          <button type="button" id="key-clear">
            Clear
          </button>
        </div>
        <p class="note" id="key-note">
          Kept in this browser’s <code>localStorage</code> only, and sent nowhere but in the header
          of the requests that you make on this page.
        </p>
        <noscript>
          <p class="note">Scripts are off in this browser, so this page cannot send requests.</p>
        </noscript>
      </div>
    </div>
  </section>
);

export const QuickStart = ({ publicUrl }: { publicUrl: string }) => (
  <section id="quick-start" aria-labelledby="quick-start-title">
    <div class="split">
      <div>
        <h2 id="quick-start-title">Quick start</h2>
        <p>
          One request makes a job of a picture and an audio file. The response holds the{' '}
          <code>jobId</code>; ask <a href="#getStatus">its status</a>, follow{' '}
          <a href="#streamEvents">its events</a>, or let a <a href="#webhooks">webhook</a> tell you
          when the video is there.
        </p>
        <p class="aside">
          <strong>One job at a time.</strong> While a job of yours is <code>PENDING</code> or{' '}
          <code>PROCESSING</code>, submitting another returns <code>409</code>. Let it finish, or
          cancel it while it waits.
        </p>
      </div>
      <Samples id="submit" title="Submit a job" samples={samplesOf('submit', publicUrl)} />
    </div>
  </section>
);
