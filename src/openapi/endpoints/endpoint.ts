import type * as z from 'zod';
import type { Code } from '../error_codes.ts';

export type Endpoint = {
  /** The name in links, in the document and in generated clients. */
  id: string;
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** The path as routes write it: /api/status/:jobId. */
  path: string;
  access: 'public' | 'API key';
  summary: string;
  description: string;
  parameters?: { in: 'path' | 'query' | 'header'; schema: z.ZodObject }[];
  /** multipart/form-data; `accept` are the media types of its files. */
  form?: { schema: z.ZodObject; accept: Record<string, string>; json?: z.ZodObject };
  /** An optional JSON body; a form with the same fields works too. */
  json?: z.ZodObject;
  /** Its body is needed. */
  jsonRequired?: true;
  response: { status: 200 | 201 | 202; description: string; schema: z.ZodType; stream?: true };
  /** Further successes, without a body. */
  empty?: Partial<Record<204 | 304, string>>;
  /** The errors that it may answer, besides those of `errorsOf` (answered_errors.ts). */
  errors: Code[];
};

export const unchanged = {
  304: 'Nothing has changed since the response whose ETag If-None-Match holds.',
};

/** A row of a table of parameters or fields. */
export type Field = { name: string; required: boolean; type: string; description: string };

/** What a caller may send, as the page's tables show it. `type` is file, string, integer. */
export function fieldsOf(schema: z.ZodObject): Field[] {
  return Object.entries(schema.shape).map(([name, field]) => {
    const json = field.toJSONSchema({ io: 'output' });
    return {
      name,
      required: !field.safeParse(undefined).success,
      type: json.format === 'binary' ? 'file' : ([json.type ?? 'string'].flat()[0] ?? ''),
      description: json.description ?? '',
    };
  });
}

/** The example of a schema, as the page prints it. */
export const exampleOf = (schema: z.ZodType): unknown =>
  (schema.meta()?.examples as unknown[] | undefined)?.[0];
