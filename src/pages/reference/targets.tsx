import { allTargets } from '../../targets/list.ts';
import { Table } from '../frame/table.tsx';

/** The values of the option `target`, and the rules of each place. */
export const Targets = () => (
  <section id="targets" aria-labelledby="targets-title">
    <h2 id="targets-title">
      <a class="anchor" href="#targets">
        Targets
      </a>
    </h2>
    <p>
      Pass <code>target</code> to get a video that a place takes: it sets the options that the place
      asks for wherever you leave one out, encodes by its rules, and holds the result against them.
      The <a href="#getJob">job</a> lists each check with what to do about it. A video that breaks a
      rule is made all the same.
    </p>
    {allTargets().map(({ name, title, options, rules, advice }) => (
      <details class="target" id={`target-${name}`}>
        <summary>
          <strong>{title}</strong> <code>{name}</code>{' '}
          {Object.entries(options).map(([option, value]) => (
            <>
              <span class="note">
                {option}={String(value)}
              </span>{' '}
            </>
          ))}
        </summary>
        <Table caption={title} head={['Rule', 'Wanted', 'Source']}>
          {rules.map(({ rule, wanted, source }) => (
            <tr>
              <th scope="row">
                <code>{rule}</code>
              </th>
              <td>{wanted}</td>
              <td>
                <a href={source.url} rel="noreferrer">
                  {source.title}
                </a>
                {source.owner ? '' : ', quoted'}, {source.read}
              </td>
            </tr>
          ))}
        </Table>
        {advice.map(({ text }) => (
          <p class="note">{text}</p>
        ))}
      </details>
    ))}
  </section>
);
