import { Highlighted, type Language } from './highlight.tsx';

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
      {/* What scrolls sideways must be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot keep white space */}
      <pre tabindex={0} role="group" aria-label={title}>
        <Highlighted code={code} language={language} />
      </pre>
    </figure>
  );
}

export const CopyButton = ({ what }: { what: string }) => (
  <button type="button" class="copy needs-scripts" data-copy aria-label={`Copy: ${what}`}>
    Copy
  </button>
);

export type Sample = { name: string; label: string; language: Language; code: string };

/** The same thing in several languages. Radio buttons, so that it works by keyboard and without scripts. */
export function Samples({ id, title, samples }: { id: string; title: string; samples: Sample[] }) {
  return (
    <fieldset class="samples">
      <legend class="unseen">{title}: language</legend>
      {samples.map(({ name, label, language, code }, index) => (
        <>
          <input
            type="radio"
            class="unseen"
            name={id}
            id={`${id}-${name}`}
            value={name}
            checked={index === 0}
          />
          <label for={`${id}-${name}`}>{label}</label>
          <Code title={`${title} (${label})`} code={code} language={language} />
        </>
      ))}
    </fieldset>
  );
}
