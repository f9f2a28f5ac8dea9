import type { Field } from '../../openapi/endpoints/endpoint.ts';
import type { ResponseField } from '../../openapi/response_fields.ts';
import { Table } from '../frame/table.tsx';
import { Prose } from './prose.tsx';

export const ResponseFields = ({ fields }: { fields: ResponseField[] }) => (
  <details class="fold">
    <summary>Response fields</summary>
    <Table
      class="response-fields"
      caption="Response fields"
      head={['Field', 'Type', 'Description']}
    >
      {fields.map(({ name, type, description }) => (
        <tr>
          <th scope="row">
            <code>{name}</code>
          </th>
          <td class="type">{type}</td>
          <td>
            <Prose text={description} />
          </td>
        </tr>
      ))}
    </Table>
  </details>
);

export const FieldTable = ({
  caption,
  head,
  fields,
}: {
  caption: string;
  head: string;
  fields: Field[];
}) => (
  <Table caption={caption} head={[head, 'Type', 'Description']} shown={['caption', 'head']}>
    {fields.map(({ name, required, type, description }) => (
      <tr>
        <th scope="row">
          <code>{name}</code>{' '}
          <span class={required ? 'need need-required' : 'need'}>
            {required ? 'required' : 'optional'}
          </span>
        </th>
        <td class="type">{type}</td>
        <td>
          <Prose text={description} />
        </td>
      </tr>
    ))}
  </Table>
);
