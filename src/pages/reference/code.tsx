import { type Language, tokensOf } from './highlight.ts';
import type { ExampleRequest } from './request_code/example_request.ts';
import { requestCode, requestLanguages } from './request_code/request_code.ts';

/** A block of code with a button to copy it. */
export function Code({
  title,
  code,
  language,
  copy = true,
}: {
  title: string;
  code: string;
  language: Language;
  copy?: boolean;
}) {
  return (
    <figure class="code">
      <figcaption>
        <span>{title}</span>
        {copy && <CopyButton what={title} />}
      </figcaption>
      {/* A scrollable area must be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot keep white space */}
      <pre tabindex={0} role="group" aria-label={title}>
        <code>
          {tokensOf(code, language).map(({ kind, text }) =>
            kind ? <span class={`t-${kind}`}>{text}</span> : text,
          )}
        </code>
      </pre>
    </figure>
  );
}

const Choice = ({
  group,
  name,
  label,
  checked,
}: {
  group: string;
  name: string;
  label: string;
  checked: boolean;
}) => (
  <>
    <input
      type="radio"
      class="unseen"
      name={group}
      id={`${group}-${name}`}
      value={name}
      checked={checked}
    />
    <label for={`${group}-${name}`}>{label}</label>
  </>
);

export const CopyButton = ({ what }: { what: string }) => (
  <button type="button" class="copy needs-scripts" data-copy aria-label={`Copy: ${what}`}>
    Copy
  </button>
);

export type Sample = { name: string; label: string; language: Language; code: string };

/** The same sample in several languages, chosen by radio buttons: they work by keyboard and without scripts. */
export function Samples({ id, title, samples }: { id: string; title: string; samples: Sample[] }) {
  return (
    <fieldset class="samples">
      <legend class="unseen">{title}: language</legend>
      {samples.map(({ name, label, language, code }, index) => (
        <>
          <Choice group={id} name={name} label={label} checked={index === 0} />
          <Code title={`${title} (${label})`} code={code} language={language} />
        </>
      ))}
    </fieldset>
  );
}

/**
 * The request of an endpoint, in curl. request_examples.js rewrites it in the chosen language, with the values in
 * the endpoint's panel.
 */
export const RequestExample = ({
  id,
  request,
  panel,
}: {
  id: string;
  request: ExampleRequest;
  /** The id of the form that sends it. */
  panel: string | undefined;
}) => (
  <fieldset class="samples request" data-request={JSON.stringify(request)} data-panel={panel}>
    <legend class="unseen">Request: language</legend>
    <div class="needs-scripts">
      {requestLanguages.map(({ name, label }, index) => (
        <Choice group={`request-${id}`} name={name} label={label} checked={index === 0} />
      ))}
    </div>
    <Code title="Request" code={requestCode('curl', request)} language="sh" />
  </fieldset>
);
