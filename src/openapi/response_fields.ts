import * as z from 'zod';

/** A row of the table of what comes back; `name` is a path such as jobs[].status. */
export type ResponseField = { name: string; type: string; description: string };

type Described = {
  type?: string | string[];
  const?: unknown;
  description?: string;
  properties?: Record<string, Described>;
  items?: Described;
  anyOf?: Described[];
};

/** What an endpoint answers, field by field, from the schema that its responses are checked against. */
export const responseFieldsOf = (schema: z.ZodType): ResponseField[] =>
  within(z.toJSONSchema(schema, { io: 'output', reused: 'inline' }) as Described, '');

function within(described: Described, path: string): ResponseField[] {
  const { properties = {}, items, anyOf = [] } = described;
  return [
    ...Object.entries(properties).flatMap(([name, field]) => {
      const full = path ? `${path}.${name}` : name;
      const row = { name: full, type: typeOf(field), description: field.description ?? '' };
      return [row, ...within(field, full)];
    }),
    ...(items ? within(items, `${path}[]`) : []),
    ...anyOf.flatMap((one) => within(one, path)),
  ];
}

function typeOf({ type, anyOf = [], const: only }: Described): string {
  if (anyOf.length > 0) return [...new Set(anyOf.map(typeOf))].join(' or ');
  return [type ?? (only === undefined ? 'any' : typeof only)].flat().join(' or ');
}
