import { visible } from '../../process/visible.ts';
import { Table } from '../frame/table.tsx';
import { Card, Nothing } from './card.tsx';
import type { Health, Process, Snapshot } from './snapshot.ts';
import { slotsOf } from './tiles.tsx';
import { age, bytes, count } from './words.ts';

/** The registered processes, and the release that each one runs. */
export const Processes = ({ processes, at }: Pick<Snapshot, 'processes' | 'at'>) => (
  <Card id="processes" title="Processes" view="workers" sql="table admin.workers;">
    {processes.length === 0 ? (
      <Nothing>No process is registered.</Nothing>
    ) : (
      <Table
        class="rows long"
        caption="Processes"
        head={['Kind', 'Machine', 'Version', 'Renders', 'Up']}
        shown={[]}
      >
        {processes.map((process) => (
          <tr>
            <td>
              <span class={process.alive ? 'state state-completed' : 'state state-failed'}>
                {process.alive ? process.kind : `${process.kind}, dead`}
              </span>
            </td>
            <th scope="row">
              <code>
                <bdi>{visible(process.host)}</bdi>:{process.pid}
              </code>
            </th>
            <td>{process.version ?? 'unknown'}</td>
            <td>{process.kind === 'worker' ? rendersOf(process) : ''}</td>
            <td class="number soft">{age((at.getTime() - process.since.getTime()) / 1_000)}</td>
          </tr>
        ))}
      </Table>
    )}
  </Card>
);

const rendersOf = (process: Process) =>
  process.slots === null ? count(process.rendering) : `${process.rendering} of ${slotsOf(process)}`;

/** Figures that tell whether the database stays healthy. */
export const HealthCard = ({ health }: { health: Health }) => (
  <Card id="health" title="Health" view="health" sql="table admin.health;">
    <dl class="rows">
      <Fact name="Last tidy" bad={isUntidy(health)}>
        {health.last_tidy === null ? 'never' : `${age(health.last_tidy)} ago`}
      </Fact>
      <Fact name="Database">{bytes(health.database_bytes)}</Fact>
      <Fact name="Dead rows">
        {count(health.dead_rows)}
        {health.most_dead_rows && <span class="soft">, most in {health.most_dead_rows}</span>}
      </Fact>
      <Fact name="Oldest snapshot" bad={isStale(health)}>
        {health.oldest_snapshot === null ? 'none' : age(health.oldest_snapshot)}
      </Fact>
    </dl>
  </Card>
);

/** Retention runs each minute; a run may take most of one. */
export const isUntidy = ({ last_tidy }: Health): boolean => (last_tidy ?? 0) > 600;
/** A dump of a large database may take this long. */
export const isStale = ({ oldest_snapshot }: Health): boolean => (oldest_snapshot ?? 0) > 3_600;

const Fact = ({ name, bad, children }: { name: string; bad?: boolean; children: unknown }) => (
  <div>
    <dt>{name}</dt>
    <dd class={bad ? 'bad' : undefined}>{children}</dd>
  </div>
);
