import type { Config } from '../config.ts';
import { errorMeanings } from '../endpoints.ts';
import { refusals } from '../errors.ts';

const meanings = {
  PENDING: 'queued, no worker has it yet',
  PROCESSING: 'being rendered; progress is an estimate',
  COMPLETED: 'done; outputVideo is there',
  FAILED: 'ended for good; errorMessage says why',
  CANCELLED: 'you cancelled it before it ran',
};

export const States = () => (
  <>
    <h4>States of a job</h4>
    <dl class="states">
      {Object.entries(meanings).map(([state, meaning]) => (
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

/** The two kinds of 401 in the words that the service uses. */
const rows = Object.entries(errorMeanings).flatMap(([status, meaning]) =>
  status === '401'
    ? [refusals.api_key_missing, refusals.api_key_unknown].map((refusal) => [
        status,
        refusal?.().message ?? meaning,
      ])
    : [[status, meaning]],
);

export const Errors = () => (
  <section id="errors" aria-labelledby="errors-title">
    <div class="split">
      <div>
        <h2 id="errors-title">Errors</h2>
        <p>
          The status tells the kind. The body is JSON: <code>error</code> is a sentence for people,{' '}
          <code>code</code> the same for programs, and <code>requestId</code> names the request,
          also in the <code>X-Request-Id</code> header. Quote it when you ask us.
        </p>
      </div>
      <table class="short">
        <caption class="unseen">Statuses of errors</caption>
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

export const RateLimits = ({
  limits,
}: {
  limits: Pick<Config, 'requestLimit' | 'submissionLimit'>;
}) => (
  <section id="rate-limits" aria-labelledby="rate-limits-title">
    <div class="split">
      <div>
        <h2 id="rate-limits-title">Rate limits</h2>
        <p>
          Counted for each client IP. Every response tells where you stand in{' '}
          <code>RateLimit-Limit</code>, <code>RateLimit-Remaining</code> and{' '}
          <code>RateLimit-Reset</code>; a <code>429</code> adds <code>Retry-After</code>, in
          seconds.
        </p>
        <p>
          Besides, an API key has at most <strong>1 active job</strong>: submitting while one is{' '}
          <code>PENDING</code> or <code>PROCESSING</code> returns <code>409</code>.
        </p>
      </div>
      <table>
        <caption class="unseen">Limits</caption>
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
            <td>{limits.requestLimit} requests / minute</td>
          </tr>
          <tr>
            <th scope="row">
              <code>POST /api/jobs</code>
            </th>
            <td>{limits.submissionLimit} submissions / minute</td>
          </tr>
        </tbody>
      </table>
    </div>
  </section>
);
