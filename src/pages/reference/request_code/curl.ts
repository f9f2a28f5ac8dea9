import { type ExampleRequest, fieldsOf, othersOf } from './example_request.ts';

export function curl(request: ExampleRequest): string {
  const { method, url, key, stream } = request;
  const { files, texts } = fieldsOf(request);
  const flags = [stream && '-N', method !== 'GET' && `-X ${method}`].filter(Boolean);
  return [
    ['curl', ...flags, /[^\w:/.-]/.test(url) ? quoted(url) : url].join(' '),
    ...(key === undefined ? [] : [`-H "X-API-Key: ${key}"`]),
    ...othersOf(request).map(([name, value]) => `-H ${inQuotes(`${name}: ${value}`)}`),
    ...files.map(([name, path]) => `-F ${inQuotes(`${name}=@${path}`)}`),
    ...texts.map(([name, text]) => `${flagFor(text)} ${inQuotes(`${name}=${text}`)}`),
  ].join(' \\\n  ');
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Uses double quotes unless a shell would expand the text in them. */
const inQuotes = (text: string) => (/["$`\\!]/.test(text) ? quoted(text) : `"${text}"`);

/** With -F, curl would read @ and < as file names and ; as the start of attributes. */
const flagFor = (text: string) => (/^[@<]|;/.test(text) ? '--form-string' : '-F');
