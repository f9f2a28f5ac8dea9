import { visible } from '../../process/visible.ts';
import { Table } from '../frame/table.tsx';
import { Card, Nothing } from './card.tsx';
import type { NearLimit, Receiver } from './snapshot.ts';
import { bytes, count, literal } from './words.ts';

/** Hosts that webhooks do not reach. */
export const Receivers = ({ receivers }: { receivers: Receiver[] }) => (
  <Card
    id="receivers"
    title="Webhooks that don't arrive"
    view="failing_receivers"
    sql={
      receivers[0]
        ? `select admin.redeliver_since('1 day', ${literal(receivers[0].host)});`
        : undefined
    }
  >
    {receivers.length === 0 ? (
      <Nothing>Every receiver answers.</Nothing>
    ) : (
      <Table
        class="rows"
        caption="Receivers that fail"
        head={['Host', 'Last error', 'Messages']}
        shown={[]}
      >
        {receivers.map(({ host, last_error, waiting, abandoned }) => (
          <tr>
            <th scope="row">
              <bdi>{visible(host)}</bdi>
            </th>
            <td class="how">
              <bdi>{visible(last_error ?? '')}</bdi>
            </td>
            <td class="number soft">
              {[
                waiting > 0 && `${count(waiting)} waiting`,
                abandoned > 0 && `${count(abandoned)} given up`,
              ]
                .filter(Boolean)
                .join(', ')}
            </td>
          </tr>
        ))}
      </Table>
    )}
  </Card>
);

/** Keys and clients that are close to a limit. */
export function Limits({ limits }: { limits: NearLimit[] }) {
  const amount = (what: string, n: number) => (what === 'stored bytes' ? bytes(n) : count(n));
  const key = limits.find(({ what, who }) => what === 'stored bytes' && who !== 'all keys');
  return (
    <Card
      id="limits"
      title="Limits near their end"
      view="near_limits"
      sql={
        key &&
        `select admin.set_limits(${literal(key.who)}, ${Math.ceil(2 * key.most)}, null, null);`
      }
    >
      {limits.length === 0 ? (
        <Nothing>No key and no client has used four fifths of a limit.</Nothing>
      ) : (
        <Table
          class="rows"
          caption="Limits near their end"
          head={['Who', 'Used', 'Of the limit']}
          shown={[]}
        >
          {limits.map(({ what, who, used, most, percent }) => (
            <tr>
              <th scope="row">
                <bdi>{visible(who)}</bdi>
              </th>
              <td class="how">
                {amount(what, used)} of {amount(what, most)}{' '}
                <span class="soft">{what.replace('stored bytes', 'stored')}</span>
              </td>
              <td class={percent >= 100 ? 'number bad' : 'number soft'}>{count(percent)} %</td>
            </tr>
          ))}
        </Table>
      )}
    </Card>
  );
}
