import type * as z from 'zod';
import { type Endpoint, fieldsOf } from '../../openapi/endpoints/endpoint.ts';
import { exampleId } from '../../openapi/schemas/values.ts';

/** A link to the studio, which sends this request. */
export const StudioLink = () => (
  <p class="try">
    <a href="#studio">
      <span class="try-title">Try it</span> <span class="live">Live</span>
    </a>
  </p>
);

/** A form that sends the real request; panel.js handles it. */
export const TryPanel = ({ endpoint }: { endpoint: Endpoint }) => {
  const { id, method, path, access, parameters = [], json, jsonRequired, response } = endpoint;
  const body = json && jsonRequired ? [{ in: 'form', schema: json }] : [];
  return (
    <details class="try">
      <summary>
        <span class="try-title">Try it</span> <span class="live">Live</span>
      </summary>
      <noscript>
        <p class="note">JavaScript is disabled. Use the curl command under Quick start instead.</p>
      </noscript>
      <form
        class="needs-scripts"
        id={`try-${id}`}
        data-try={id}
        data-method={method}
        data-path={path}
        data-key={access === 'API key' ? '' : undefined}
        data-stream={response.stream ? '' : undefined}
        novalidate
      >
        <div class="inputs">
          {[...parameters, ...body].flatMap(({ in: place, schema }) =>
            Object.entries(schema.shape).map(([name, field]) => (
              <Input form={id} name={name} place={place} {...inputOf(field)} />
            )),
          )}
        </div>
        <div class="row">
          <button type="submit" class="primary">
            {response.stream ? 'Open stream' : 'Send request'}
          </button>
          <p class="note" data-hint role="status" />
        </div>
        <div class="outcome" data-outcome />
      </form>
    </details>
  );
};

type InputProps = { type?: string; min?: number; max?: number; options?: string[] };

/** The control for a parameter, derived from the schema that validates it. */
export function inputOf(field: z.ZodType): InputProps {
  const json = field.toJSONSchema({ io: 'output' });
  if (json.enum) return { options: json.enum.map(String) };
  if (json.type !== 'integer') return { type: 'text' };
  return { type: 'number', min: json.minimum, max: json.maximum };
}

export const Input = ({
  form,
  name,
  place,
  options,
  ...attributes
}: InputProps & { form: string; name: string; place: string }) => {
  const id = `${form}-${name}`;
  return (
    <div class="field">
      <label for={id}>{name}</label>
      {options ? (
        <select id={id} name={name} data-in={place}>
          <option value="">any</option>
          {options.map((option) => (
            <option>{option}</option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          name={name}
          data-in={place}
          autocomplete="off"
          spellcheck={false}
          placeholder={place === 'path' ? exampleId : 'optional'}
          {...attributes}
        />
      )}
    </div>
  );
};

export type Form = NonNullable<Endpoint['form']>;

/** The files that every job needs; optional files are among the options. */
export const requiredFiles = ({ schema, accept }: Form) =>
  fieldsOf(schema).flatMap(({ name, required }): [string, string][] =>
    required && accept[name] ? [[name, accept[name]]] : [],
  );
