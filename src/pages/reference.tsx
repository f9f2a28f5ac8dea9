import type { Config } from '../config.ts';
import { jobStates } from '../jobs/job_state.ts';
import { errorMeanings } from '../openapi/endpoints.ts';

export const States = () => (
  <>
    <h4>Job status values</h4>
    <dl class="states">
      {Object.entries(jobStates).map(([state, meaning]) => (
        <div>
          <dt>
            <State state={state} />
          </dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  </>
);

export const State = ({ state }: { state: string }) => (
  <span class={`state state-${state.toLowerCase()}`}>{state}</span>
);

const kindsOf401 = ['Missing X-API-Key header.', 'API key not recognized or has been deactivated.'];
const rows = Object.entries(errorMeanings).flatMap(([status, meaning]) =>
  (status === '401' ? kindsOf401 : [meaning]).map((text) => [status, text]),
);

export const Errors = () => (
  <section id="errors" aria-labelledby="errors-title">
    <div class="split">
      <div>
        <h2 id="errors-title">
          <a class="anchor" href="#errors">
            Errors
          </a>
        </h2>
        <p>
          The API uses standard HTTP status codes. Error responses include a JSON body with an{' '}
          <code>error</code> field describing the problem.
        </p>
        <p>
          The body also has a stable, machine-readable <code>code</code> and the{' '}
          <code>requestId</code> from the <code>X-Request-Id</code> header. Include the{' '}
          <code>requestId</code> when you report a problem. <code>docs</code> leads to{' '}
          <a href="errors">what each code means</a>.
        </p>
      </div>
      <table class="short">
        <caption class="unseen">Error status codes</caption>
        <thead>
          <tr>
            <th scope="col">Code</th>
            <th scope="col">Meaning</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([status, meaning]) => (
            <tr>
              <th scope="row">
                <code>{status}</code>
              </th>
              <td>{meaning}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </section>
);

export const RateLimits = ({ limits }: { limits: Config['rateLimits'] }) => (
  <section id="rate-limits" aria-labelledby="rate-limits-title">
    <div class="split">
      <div>
        <h2 id="rate-limits-title">
          <a class="anchor" href="#rate-limits">
            Rate limits
          </a>
        </h2>
        <p>
          Per-IP rate limits, returned over standard <code>RateLimit-*</code> response headers. A{' '}
          <code>429</code> also carries <code>Retry-After</code>, in seconds.
        </p>
        <p>
          You're also capped at <strong>1 active job per API key</strong> — submitting another while
          one is <code>PENDING</code> or <code>PROCESSING</code> returns <code>409</code>.
        </p>
      </div>
      <table>
        <caption class="unseen">Rate limits</caption>
        <thead>
          <tr>
            <th scope="col">Scope</th>
            <th scope="col">Limit</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">
              All <code>/api/*</code>
            </th>
            <td>{limits.requests} requests / minute</td>
          </tr>
          <tr>
            <th scope="row">
              <code>POST /api/jobs</code>
            </th>
            <td>{limits.submissions} submissions / minute</td>
          </tr>
        </tbody>
      </table>
    </div>
  </section>
);
