import { STATUS_CODES } from 'node:http';
import {
  type Endpoint,
  exampleOf,
  type Field,
  fieldsOf,
} from '../../openapi/endpoints/endpoint.ts';
import { endpoints } from '../../openapi/endpoints.ts';
import { responseFieldsOf } from '../../openapi/response_fields.ts';
import { Code, RequestExample } from './code.tsx';
import { FieldTable, ResponseFields } from './field_tables.tsx';
import { Prose } from './prose.tsx';
import { exampleRequestOf, sampleUrl } from './samples.ts';
import { States } from './states.tsx';
import { StudioLink, TryPanel } from './try_panel.tsx';

export const Endpoints = ({ publicUrl }: { publicUrl: string }) => (
  <section id="endpoints" aria-labelledby="endpoints-title">
    <h2 id="endpoints-title">
      <a class="anchor" href="#endpoints">
        Endpoints
      </a>
    </h2>
    <ul class="index">
      {endpoints.map(({ id, method, path, summary }) => (
        <li>
          <a href={`#${id}`}>
            <Method method={method} />
            <code>
              <Path path={path} />
            </code>
            <span>{summary}</span>
          </a>
        </li>
      ))}
    </ul>
    {endpoints.map((endpoint) => (
      <EndpointSection endpoint={endpoint} publicUrl={publicUrl} />
    ))}
  </section>
);

const places = { path: 'Path parameters', query: 'Query parameters', header: 'Headers' };

export const EndpointSection = ({
  endpoint,
  publicUrl,
}: {
  endpoint: Endpoint;
  publicUrl: string;
}) => {
  const { id, method, path, access, description, parameters = [], form, response } = endpoint;
  const body = endpoint.jsonRequired && endpoint.json;
  const example = JSON.stringify(exampleOf(response.schema), null, 2);
  return (
    <article class="endpoint" id={id} aria-labelledby={`${id}-title`}>
      <header>
        <h3 id={`${id}-title`}>
          <Method method={method} />{' '}
          <a class="anchor" href={`#${id}`}>
            <code>
              <Path path={path} />
            </code>
          </a>
        </h3>
        <span class={access === 'public' ? 'badge badge-public' : 'badge'}>{access}</span>
      </header>
      <div class="split">
        <div class="told">
          <p>
            <Prose text={description} />
          </p>
          {form && (
            <FieldTable
              caption="Body (multipart/form-data)"
              head="Field"
              fields={fieldsOf(form.schema)}
            />
          )}
          {form?.json && (
            <FieldTable
              caption="Body (application/json), with the other fields of the form"
              head="Field"
              fields={fieldsOfJsonOnly(form)}
            />
          )}
          {body && (
            <FieldTable caption="Body (JSON or form)" head="Field" fields={fieldsOf(body)} />
          )}
          {parameters.map(({ in: place, schema }) => (
            <FieldTable
              caption={places[place]}
              head={place === 'header' ? 'Header' : 'Param'}
              fields={fieldsOf(schema)}
            />
          ))}
          {id === 'getJobStatus' && <States />}
          <ResponseFields fields={responseFieldsOf(response.schema)} />
        </div>
        <div class="examples">
          <RequestExample
            id={id}
            request={exampleRequestOf(endpoint, publicUrl)}
            panel={form ? undefined : `try-${id}`}
          />
          <Code
            title={`Response — ${response.status} ${STATUS_CODES[response.status]}`}
            language="json"
            code={(response.stream ? asEvent(endpoint) : example).replaceAll(sampleUrl, publicUrl)}
            copy={false}
          />
        </div>
        {form ? <StudioLink /> : <TryPanel endpoint={endpoint} />}
      </div>
    </article>
  );
};

/** The fields that only the JSON of a submission has, or has as text. */
function fieldsOfJsonOnly({ schema, json }: NonNullable<Endpoint['form']>): Field[] {
  const texts = fieldsOf(schema).filter(({ type }) => type !== 'file');
  return json ? fieldsOf(json).filter(({ name }) => texts.every((text) => text.name !== name)) : [];
}

const asEvent = ({ response }: Endpoint) =>
  `id: 1\ndata: ${JSON.stringify(exampleOf(response.schema))}`;

export const Method = ({ method }: { method: string }) => (
  <span class={`method method-${method.toLowerCase()}`}>{method}</span>
);

/** A path that wraps only before a slash. */
const Path = ({ path }: { path: string }) => (
  <>
    {path
      .split('/')
      .slice(1)
      .map((part) => (
        <>
          <wbr />/{part.startsWith(':') ? <span class="parameter">{part}</span> : part}
        </>
      ))}
  </>
);
