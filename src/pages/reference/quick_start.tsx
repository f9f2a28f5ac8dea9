import { Samples } from './code.tsx';
import { submitSamples } from './samples.ts';

export const Authentication = () => (
  <section id="authentication" aria-labelledby="authentication-title">
    <div class="split">
      <div>
        <h2 id="authentication-title">
          <a class="anchor" href="#authentication">
            Authentication
          </a>
        </h2>
        <p>
          Every request to the API (except health checks) must include your API key in the{' '}
          <code>X-API-Key</code> request header. Keep it secret — anyone with the key can submit
          jobs on your behalf.
        </p>
      </div>
      <p class="aside needs-scripts">
        Enter your key <a href="#studio">at the top of this page</a> to send real requests from
        here.
      </p>
    </div>
  </section>
);

export const QuickStart = ({ publicUrl }: { publicUrl: string }) => (
  <section id="quick-start" aria-labelledby="quick-start-title">
    <div class="split">
      <div>
        <h2 id="quick-start-title">
          <a class="anchor" href="#quick-start">
            Quick start
          </a>
        </h2>
        <p>
          Submit your first job with a single curl command. The response includes the{' '}
          <code>jobId</code> you'll use to <a href="#getJobStatus">poll for status</a>. You can also{' '}
          <a href="#streamEvents">follow the job live</a>, or get a <a href="#webhooks">webhook</a>{' '}
          when it finishes.
        </p>
        <p class="aside">
          <strong>One job per user at a time.</strong> Submitting a new job while a previous one is
          still <code>PENDING</code> or <code>PROCESSING</code> returns <code>409</code>. Wait for
          it to finish or cancel it first.
        </p>
      </div>
      <Samples id="submit" title="Submit a job" samples={submitSamples(publicUrl)} />
    </div>
  </section>
);
