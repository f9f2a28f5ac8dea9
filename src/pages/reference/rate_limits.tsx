import type { Config } from '../../config.ts';
import { Table } from '../frame/table.tsx';

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
      <Table caption="Rate limits" head={['Scope', 'Limit']}>
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
      </Table>
    </div>
  </section>
);
