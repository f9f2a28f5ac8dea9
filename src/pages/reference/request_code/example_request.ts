/** A request to show as code: rendered by the server, and again in the browser while a panel is filled in. */
export type ExampleRequest = {
  method: string;
  url: string;
  /** The X-API-Key in curl; undefined for public endpoints. Programs read the key from the environment. */
  key?: string;
  headers?: Record<string, string>;
  /** The fields of a multipart form. */
  form?: FormField[];
  /** Whether the response is a stream of events. */
  stream?: boolean;
};

export type FormField = [name: string, value: string | { file: string }];

/** Joins lines of code, leaving out false and undefined. */
export const lines = (...all: (string | string[] | false | undefined)[]) =>
  all
    .flat()
    .filter((line) => line !== false && line !== undefined)
    .join('\n');

/** A string literal in JavaScript and PHP. */
export const single = (text: string) => `'${text.replaceAll(/[\\']/g, '\\$&')}'`;

/** A string literal in Python and Go. */
export const double = (text: string) => JSON.stringify(text);

/** The headers other than the key. */
export const othersOf = ({ headers = {} }: ExampleRequest) => Object.entries(headers);

/** The file fields of the form with their paths, and its text fields. */
export function fieldsOf({ form = [] }: ExampleRequest) {
  const files: [name: string, path: string][] = [];
  const texts: [name: string, text: string][] = [];
  for (const [name, value] of form)
    if (typeof value === 'string') texts.push([name, value]);
    else files.push([name, value.file]);
  return { files, texts };
}
