import type * as z from 'zod';
import { type Endpoint, fieldsOf } from '../openapi/endpoints.ts';
import { maxFileBytes, maxFileSize } from '../upload/max_file.ts';
import { Options } from './options.tsx';

/** A form that sends the real request; docs.js brings it to life. */
export const TryPanel = ({ endpoint }: { endpoint: Endpoint }) => {
  const { id, method, path, access, parameters = [], form, response } = endpoint;
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
        {form && <Files form={form} />}
        <div class="inputs">
          {form &&
            fieldsOf(form.schema)
              .filter(({ name }) => name === 'webhookUrl')
              .map(({ name }) => <Input form={id} name={name} place="form" type="url" />)}
          {parameters.flatMap(({ in: place, schema }) =>
            Object.entries(schema.shape).map(([name, field]) => (
              <Input form={id} name={name} place={place} {...inputOf(field)} />
            )),
          )}
        </div>
        {form && <Options form={form} id={id} />}
        <div class="row">
          <button type="submit" class="primary">
            {response.stream ? 'Open stream' : form ? 'Submit job' : 'Send request'}
          </button>
          {form && (
            <button type="button" data-samples>
              Use sample files
            </button>
          )}
          <p class="note" data-hint role="status" />
        </div>
        <div class="outcome" data-outcome />
      </form>
    </details>
  );
};

type InputProps = { type?: string; min?: number; max?: number; options?: string[] };

/** The control that suits a parameter, from the schema that validates it. */
function inputOf(field: z.ZodType): InputProps {
  const json = field.toJSONSchema({ io: 'output' });
  if (json.enum) return { options: json.enum.map(String) };
  if (json.type !== 'integer') return { type: 'text' };
  return { type: 'number', min: json.minimum, max: json.maximum };
}

const Input = ({
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
          placeholder={place === 'path' ? undefined : 'optional'}
          {...attributes}
        />
      )}
    </div>
  );
};

/** Optional files lie among the options. */
const requiredFiles = ({ schema, accept }: NonNullable<Endpoint['form']>) =>
  fieldsOf(schema).flatMap(({ name, required }): [string, string][] =>
    required && accept[name] ? [[name, accept[name]]] : [],
  );

const Files = ({ form }: { form: NonNullable<Endpoint['form']> }) => (
  <div class="files">
    {requiredFiles(form).map(([name, accept]) => (
      <div class="drop" data-drop={name} data-max-bytes={maxFileBytes}>
        <label for={`file-${name}`}>
          <strong>{name}</strong>
          <span class="drop-hint">Drop a file here, or choose one</span>
          <span class="note">
            {accept
              .replaceAll(/\b(image|audio)\//g, '')
              .replace('mpeg', 'mp3')
              .replace('mp4', 'm4a')}
            . Max {maxFileSize}.
          </span>
        </label>
        <input id={`file-${name}`} type="file" name={name} accept={accept} />
        <div class="preview" data-preview />
        <p class="warning" data-warning role="status" />
      </div>
    ))}
  </div>
);
