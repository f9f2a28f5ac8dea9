import { visible } from '../../process/visible.ts';
import { Table } from '../frame/table.tsx';
import { Card, Nothing } from './card.tsx';
import type { Expiring, StoredBytes } from './snapshot.ts';
import { bytes, counted, literal } from './words.ts';

const keysShown = 5;

/** Stored bytes by API key, and how many of them expire within a day. */
export function Storage({ storage, expiring }: { storage: StoredBytes[]; expiring: Expiring[] }) {
  const total = storage.reduce((sum, key) => sum + key.bytes, 0);
  const shown = storage.slice(0, keysShown);
  const others = storage.slice(keysShown);
  const rest = others.reduce((sum, key) => sum + key.bytes, 0);
  const going = new Map(expiring.map((key) => [key.api_key, key.bytes]));
  const goes = expiring.reduce((sum, key) => sum + key.bytes, 0);
  const biggest = shown.find(({ api_key }) => !api_key.startsWith('('))?.api_key;
  return (
    <Card
      id="storage"
      title="Storage"
      view="storage"
      sql={
        biggest
          ? `select admin.set_limits(${literal(biggest)}, 50000000000, null, null);`
          : `select * from admin.expiring('7 days');`
      }
    >
      <p class="figure">
        <strong>{bytes(total)}</strong>{' '}
        {goes > 0 && <span>{bytes(goes)} will expire within 24 h</span>}
      </p>
      {total === 0 ? (
        <Nothing>No file is stored.</Nothing>
      ) : (
        <>
          <Shares parts={[...shown.map((key) => key.bytes), rest]} total={total} />
          <Table
            class="rows"
            caption="Storage by API key"
            head={['API key', 'Will expire within 24 h', 'Stored']}
            shown={[]}
          >
            {shown.map(({ api_key, bytes: stored }, i) => (
              <tr>
                <th scope="row">
                  <span class={`share share-${i}`} aria-hidden="true" />
                  <bdi>{visible(api_key)}</bdi>
                </th>
                <td class="soft">
                  {going.has(api_key) && `−${bytes(going.get(api_key) ?? 0)} in 24 h`}
                </td>
                <td class="number">{bytes(stored)}</td>
              </tr>
            ))}
            {others.length > 0 && (
              <tr>
                <th scope="row">
                  <span class="share share-rest" aria-hidden="true" />
                  {counted(others.length, 'other')}
                </th>
                <td />
                <td class="number">{bytes(rest)}</td>
              </tr>
            )}
          </Table>
        </>
      )}
    </Card>
  );
}

/** One bar, divided by API key. */
function Shares({ parts, total }: { parts: number[]; total: number }) {
  let x = 0;
  return (
    <svg class="shares" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">
      {parts.map((part, i) => {
        const width = (1000 * part) / total;
        x += width;
        const name = i < keysShown && i < parts.length - 1 ? `share-${i}` : 'share-rest';
        return <rect class={name} x={x - width} y={0} width={width} height={8} />;
      })}
    </svg>
  );
}
