/** A request as code shows it: rendered for readers, and again in the browser while a panel is filled in. */
export type ExampleRequest = {
  method: string;
  url: string;
  /** What curl sends as X-API-Key; undefined for public endpoints. Programs read it from the environment. */
  key?: string;
  headers?: Record<string, string>;
  /** The fields of a multipart form. */
  form?: FormField[];
  /** Whether the response is a stream of events. */
  stream?: boolean;
};

export type FormField = [name: string, value: string | { file: string }];

/** Lines of code, those that are not there left out. */
export const lines = (...all: (string | string[] | false | undefined)[]) =>
  all
    .flat()
    .filter((line) => line !== false && line !== undefined)
    .join('\n');

/** Text in single quotes, for JavaScript and PHP. */
export const single = (text: string) => `'${text.replaceAll(/[\\']/g, '\\$&')}'`;

/** Text in double quotes, for Python and Go. */
export const double = (text: string) => JSON.stringify(text);

/** The headers besides the key. */
export const othersOf = ({ headers = {} }: ExampleRequest) => Object.entries(headers);

/** The files of the form, then its text fields: name and path, name and text. */
export function fieldsOf({ form = [] }: ExampleRequest) {
  const files: [name: string, path: string][] = [];
  const texts: [name: string, text: string][] = [];
  for (const [name, value] of form)
    if (typeof value === 'string') texts.push([name, value]);
    else files.push([name, value.file]);
  return { files, texts };
}
