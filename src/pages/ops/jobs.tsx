import { visible } from '../../process/visible.ts';
import { Table } from '../frame/table.tsx';
import { Card, Nothing } from './card.tsx';
import type { Failure, LatestJob } from './snapshot.ts';
import { age, counted } from './words.ts';

/** The latest jobs, in any state. */
export const LatestJobs = ({ jobs }: { jobs: LatestJob[] }) => (
  <Card id="jobs" title="Latest jobs" view="jobs" sql={toAct(jobs)}>
    {jobs.length === 0 ? (
      <Nothing>There is no job yet. A key is all that a caller needs to submit one.</Nothing>
    ) : (
      <Table
        class="rows long"
        caption="Latest jobs"
        head={['Status', 'Job', 'API key', 'How it goes', 'Age']}
        shown={[]}
      >
        {jobs.map((job) => (
          <tr>
            <td>
              <span class={`state state-${job.status.toLowerCase()}`}>{job.status}</span>
            </td>
            <th scope="row">
              <code title={job.id}>{job.id.slice(0, 12)}</code>
            </th>
            <td>
              <bdi>{visible(job.api_key)}</bdi>
            </td>
            <td class="how">{howItGoes(job)}</td>
            <td class="number soft">{age(job.age)}</td>
          </tr>
        ))}
      </Table>
    )}
  </Card>
);

function toAct([latest, ...others]: LatestJob[]): string {
  if (!latest) return `select admin.create_api_key('my app');`;
  const running = [latest, ...others].find(({ status }) => status === 'PROCESSING');
  if (running) return `select admin.cancel_job('${running.id}', true);`;
  return `select * from admin.jobs where id = '${latest.id}';`;
}

function howItGoes({ status, progress, real_time_factor, error_message }: LatestJob) {
  if (status === 'PROCESSING') return `${progress} %`;
  if (status === 'FAILED') return <bdi>{visible(error_message ?? '')}</bdi>;
  if (status === 'COMPLETED' && real_time_factor !== null) return `${real_time_factor}× real time`;
  return '–';
}

/** The failures of the last day, grouped by message. */
export const Failures = ({ failures }: { failures: Failure[] }) => (
  <Card
    id="failures"
    title="Failures, last 24 h"
    view="failures"
    sql={failures.length > 0 ? `select * from admin.retry_since('1 hour');` : undefined}
  >
    {failures.length === 0 ? (
      <Nothing>No job has failed.</Nothing>
    ) : (
      <Table
        class="rows"
        caption="Failures by message"
        head={['Message', 'Jobs', 'Latest']}
        shown={[]}
      >
        {failures.map(({ error_message, jobs, ago, latest_job }) => (
          <tr>
            <th scope="row" title={`Latest: ${latest_job}`}>
              <bdi>{visible(error_message)}</bdi>
            </th>
            <td class="number bad">{counted(jobs, 'job')}</td>
            <td class="number soft">{age(ago)}</td>
          </tr>
        ))}
      </Table>
    )}
  </Card>
);
