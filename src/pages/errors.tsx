import type { Config } from '../config.ts';
import { errorMeanings } from '../openapi/endpoints.ts';
import { type ErrorCode, errorCodes } from '../openapi/error_codes.ts';
import { statingMaxFile } from '../upload/max_file.ts';
import { htmlDocument } from './document.tsx';
import { basePath } from './page_headers.ts';
import { Mark } from './top_bar.tsx';

const all: [string, ErrorCode][] = Object.entries(errorCodes);
const statuses = [...new Set(all.map(([, { status }]) => status))].sort((a, b) => a - b);

/** Every code with an example of its sentence, and what to do. */
export const ErrorCodes = () => (
  <>
    {statuses.map((status) => (
      <section id={`status-${status}`}>
        <h2>
          <a class="anchor" href={`#status-${status}`}>
            {status}
          </a>
        </h2>
        {status in errorMeanings && <p>{errorMeanings[status as keyof typeof errorMeanings]}</p>}
        <table>
          <thead>
            <tr>
              <th scope="col">Code</th>
              <th scope="col">Example</th>
              <th scope="col">What to do</th>
            </tr>
          </thead>
          <tbody>
            {all
              .filter(([, known]) => known.status === status)
              .map(([code, { message, remedy }]) => (
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
          </tbody>
        </table>
      </section>
    ))}
  </>
);

/** The page that `docs` of each error leads to. */
export function errorsPage({ publicUrl, maxFileBytes }: Config & { publicUrl: string }): string {
  const page = htmlDocument({
    base: basePath(publicUrl),
    title: 'Errors · VidGen API',
    description: 'Every error code of the VidGen API, and what to do about it.',
    styles: 'docs.css',
    bodyClass: 'docs',
    head: <link rel="alternate" type="text/markdown" href="errors.md" />,
    body: (
      <>
        <header class="bar">
          <a class="brand" href="./">
            <Mark />
            <span>
              VidGen <span class="brand-more">API v1</span>
            </span>
          </a>
        </header>
        <main id="main">
          <h1>Errors</h1>
          <p class="lead">
            Every error has a <code>code</code>. The sentence in <code>error</code> may say more,
            and may change; the code stays.
          </p>
          <ErrorCodes />
        </main>
      </>
    ),
  });
  return statingMaxFile(page, maxFileBytes);
}
