import { Table } from '../frame/table.tsx';
import { Card, Nothing } from './card.tsx';
import type { Hour } from './snapshot.ts';
import { clock, count, seconds } from './words.ts';

// The drawing is stretched to the width of the card, so it contains no text.
const step = 20;
const barWidth = 14;
const barsHeight = 130;
const linesHeight = 56;

/** Two days by the hour: completed jobs as bars, failed ones on top, and below them the times they took. */
export function Hours({ hours }: { hours: Hour[] }) {
  const most = Math.max(...hours.map(({ completed, failed }) => completed + failed));
  return (
    <Card
      id="hours"
      title="Jobs per hour"
      view="throughput"
      sql="select * from admin.throughput where hour > now() - interval '2 days';"
    >
      {most > 0 ? (
        <figure class="hours">
          <Scale words={count(most)} />
          <Bars hours={hours} most={most} />
          <Scale words={seconds(slowest(hours))} />
          <Lines hours={hours} />
          <p class="axis" aria-hidden="true">
            {[0, 12, 24, 36].map((at) => (
              <span>{clock(hours[at]?.hour ?? new Date())}</span>
            ))}
            <span>now, UTC</span>
          </p>
          <figcaption>
            <span class="key key-done">completed</span>
            <span class="key key-failed">failed</span>
            <span class="key key-wait">wait, p95</span>
            <span class="key key-render">render, p95</span>
          </figcaption>
          <Numbers hours={hours} />
        </figure>
      ) : (
        <Nothing>No job has ended in the last 48 hours.</Nothing>
      )}
    </Card>
  );
}

/** The value at the top of the scale. */
const Scale = ({ words }: { words: string }) => (
  <p class="scale" aria-hidden="true">
    {words}
  </p>
);

function Bars({ hours, most }: { hours: Hour[]; most: number }) {
  // A single job stays visible beside a bar of thousands.
  const height = (n: number) => (n === 0 ? 0 : Math.max(2, (n / most) * (barsHeight - 3)));
  return (
    <svg
      class="bars"
      viewBox={`0 0 ${hours.length * step} ${barsHeight}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {hours.map((hour, i) => {
        const done = height(hour.completed);
        const failed = height(hour.failed);
        const x = i * step + (step - barWidth) / 2;
        return (
          <g>
            <title>{sentence(hour)}</title>
            <rect class="hit" x={i * step} y={0} width={step} height={barsHeight} />
            <rect class="done" x={x} y={barsHeight - done} width={barWidth} height={done} />
            <rect
              class="failed"
              x={x}
              y={barsHeight - done - failed - (done > 0 ? 2 : 0)}
              width={barWidth}
              height={failed}
            />
          </g>
        );
      })}
    </svg>
  );
}

/** On a logarithmic scale: waits of a tenth of a second and renders of ten minutes both matter. */
function Lines({ hours }: { hours: Hour[] }) {
  const top = Math.log10(1 + 10 * slowest(hours));
  const y = (value: number) =>
    linesHeight - 3 - (Math.log10(1 + 10 * value) / top) * (linesHeight - 6);
  const path = (of: (hour: Hour) => number | null) =>
    hours
      .map((hour, i) => ({ x: (i + 0.5) * step, value: of(hour), before: i > 0 && hours[i - 1] }))
      .filter(({ value }) => value !== null)
      // An hour without jobs is a gap. A lone hour is drawn as a dash; a point would be invisible.
      .map(
        ({ x, value, before }) =>
          `${before && of(before) !== null ? 'L' : `M${x - 5} ${y(value ?? 0)}L`}${x} ${y(value ?? 0)}`,
      )
      .join('');
  return (
    <svg
      class="lines"
      viewBox={`0 0 ${hours.length * step} ${linesHeight}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path class="render" d={path((hour) => hour.render_p95)} />
      <path class="wait" d={path((hour) => hour.wait_p95)} />
    </svg>
  );
}

/** At least one second: anything faster may be drawn flat. */
const slowest = (hours: Hour[]): number =>
  Math.max(1, ...hours.flatMap(({ wait_p95, render_p95 }) => [wait_p95 ?? 0, render_p95 ?? 0]));

const sentence = ({ hour, completed, failed, wait_p95, render_p95 }: Hour) =>
  `${clock(hour)}: ${count(completed)} completed, ${count(failed)} failed; p95 of waiting ${seconds(wait_p95)}, of rendering ${seconds(render_p95)}`;

/** The same as a table, for screen readers and exact figures. */
const Numbers = ({ hours }: { hours: Hour[] }) => (
  <details>
    <summary>The numbers</summary>
    <Table caption="Hour by hour" head={['Hour', 'Completed', 'Failed', 'Wait', 'Render']}>
      {hours.toReversed().map((hour) => (
        <tr>
          <th scope="row">
            <time datetime={hour.hour.toISOString()}>{clock(hour.hour)}</time>
          </th>
          <td>{count(hour.completed)}</td>
          <td>{count(hour.failed)}</td>
          <td>{seconds(hour.wait_p95)}</td>
          <td>{seconds(hour.render_p95)}</td>
        </tr>
      ))}
    </Table>
  </details>
);
