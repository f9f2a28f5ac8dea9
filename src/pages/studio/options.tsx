import type { Child } from 'hono/jsx';
import * as z from 'zod';
import { fieldsOf } from '../../openapi/endpoints/endpoint.ts';
import { plainProse } from '../../openapi/prose.ts';
import { targets } from '../../targets/targets.ts';
import type { Form } from '../reference/try_panel.tsx';

/** A folded control for each option of a form, derived from the schema that validates it. */
export const Options = ({ form, id, children }: { form: Form; id: string; children?: Child }) => (
  <details class="options">
    <summary>Options</summary>
    <div class="inputs">
      {fieldsOf(form.schema)
        .filter(({ required }) => !required)
        .map(({ name, description }) => (
          <div class="field">
            <label for={`${id}-${name}`}>{name}</label>
            <Control
              id={`${id}-${name}`}
              name={name}
              title={plainProse(description)}
              accept={form.accept[name]}
              field={form.schema.shape[name]}
            />
          </div>
        ))}
      {children}
    </div>
  </details>
);

/** The options that each target sets by default, for the preview. */
const presets = JSON.stringify(
  Object.fromEntries(Object.entries(targets).map(([name, { options }]) => [name, options])),
);

type ControlProps = {
  id: string;
  name: string;
  title: string;
  accept: string | undefined;
  field: z.ZodType;
};

const Control = ({ field, accept, ...named }: ControlProps) => {
  if (accept)
    return <input type="file" data-in="form" accept={`${accept}, .srt, .vtt`} {...named} />;
  const { values, isColor, maxLength, isDefault } = lookOf(field);
  if (values.length > 0)
    return (
      <select
        data-in="form"
        data-presets={named.name === 'target' ? presets : undefined}
        {...named}
      >
        <option value="">{isDefault === undefined ? 'none' : `${isDefault} (default)`}</option>
        {values
          .filter((value) => value !== isDefault)
          .map((value) => (
            <option>{value}</option>
          ))}
      </select>
    );
  const input = (
    <input
      data-in="form"
      autocomplete="off"
      placeholder={isDefault ?? 'optional'}
      maxlength={maxLength}
      {...named}
    />
  );
  if (!isColor) return input;
  return (
    <div class="row">
      {input}
      <input
        type="color"
        data-color={named.id}
        value={isDefault ?? '#000000'}
        aria-label={`Pick ${named.name}`}
      />
    </div>
  );
};

type Look = {
  values: string[];
  isColor: boolean;
  maxLength: number | undefined;
  isDefault: string | undefined;
};

type Described = { enum?: unknown[]; const?: unknown; anyOf?: Described[]; default?: unknown };

/** The facts that a control needs about an option, from its JSON schema. */
function lookOf(field: z.ZodType): Look {
  const json = z.toJSONSchema(field, { io: 'input' });
  const values = ({ enum: many, const: one, anyOf = [] }: Described): unknown[] => [
    ...(many ?? []),
    ...(one === undefined ? [] : [one]),
    ...anyOf.flatMap(values),
  ];
  return {
    values: values(json as Described).map(String),
    isColor: json.pattern?.includes('#') ?? false,
    maxLength: json.maxLength,
    isDefault: json.default === undefined ? undefined : String(json.default),
  };
}
