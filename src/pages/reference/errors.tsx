import { STATUS_CODES } from 'node:http';
import type { ErrorCode } from '../../openapi/error_codes/entry.ts';
import { errorCodes, errorMeanings } from '../../openapi/error_codes.ts';
import { Table } from '../frame/table.tsx';

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
      <Table class="short" caption="Error status codes" head={['Code', 'Meaning']}>
        {rows.map(([status, meaning]) => (
          <tr>
            <th scope="row">
              <code>{status}</code>
            </th>
            <td>{meaning}</td>
          </tr>
        ))}
      </Table>
    </div>
  </section>
);

/** All codes by their status, the lowest first. */
export const codesByStatus: [status: number, codes: [code: string, ErrorCode][]][] = [
  ...Map.groupBy(Object.entries<ErrorCode>(errorCodes), ([, { status }]) => status),
].sort(([a], [b]) => a - b);

/** Every code, with an example of its message and what to do. */
export const ErrorCodes = () => (
  <>
    {codesByStatus.map(([status, codes]) => (
      <section id={`status-${status}`}>
        <h2>
          <a class="anchor" href={`#status-${status}`}>
            {status} {STATUS_CODES[status]}
          </a>
        </h2>
        {status in errorMeanings && <p>{errorMeanings[status as keyof typeof errorMeanings]}</p>}
        <Table caption={`Codes of ${status}`} head={['Code', 'Example', 'What to do']}>
          {codes.map(([code, { message, remedy }]) => (
            <tr id={code}>
              <th scope="row">
                <a class="anchor" href={`#${code}`}>
                  <code>{code}</code>
                </a>
              </th>
              <td>{message}</td>
              <td>{remedy}</td>
            </tr>
          ))}
        </Table>
      </section>
    ))}
  </>
);
