import type { CollectionRequest, Value } from './requests.ts';

/** A folder for Bruno: file name → content. */
export function brunoFolder(requests: CollectionRequest[]): Record<string, string> {
  const collection = { version: '1', name: 'VidGen API', type: 'collection', ignore: [] };
  return {
    'bruno.json': `${JSON.stringify(collection, null, 2)}\n`,
    'environments/local.bru': 'vars {\n  baseUrl: http://localhost:3000\n  apiKey: \n}\n',
    ...Object.fromEntries(
      requests.map((request, i) => [`${request.name}.bru`, file(request, i + 1)]),
    ),
  };
}

function file(request: CollectionRequest, seq: number): string {
  const { name, method, path, needsKey, query, headers, form, json, description } = request;
  const variables = path.split('/').filter((part) => part.startsWith(':'));
  const shown = query.filter(({ isOn }) => isOn).map(({ name, value }) => `${name}=${value}`);
  const blocks = [
    block('meta', [`name: ${name}`, 'type: http', `seq: ${seq}`]),
    block(method.toLowerCase(), [
      `url: {{baseUrl}}${path}${shown.length > 0 ? `?${shown.join('&')}` : ''}`,
      `body: ${form ? 'multipartForm' : json ? 'json' : 'none'}`,
      'auth: none',
    ]),
    block('params:query', query.map(line)),
    block(
      'params:path',
      variables.map((part) => `${part.slice(1)}: {{${part.slice(1)}}}`),
    ),
    block('headers', [...(needsKey ? ['X-API-Key: {{apiKey}}'] : []), ...headers.map(line)]),
    json && block('body:json', json.split('\n')),
    form &&
      block(
        'body:multipart-form',
        form.map((field) =>
          line(field.isFile ? { ...field, value: `@file(${field.value})` } : field),
        ),
      ),
    block(
      'script:post-response',
      request.keeps.map(
        (name) => `if (res.getStatus() < 300) bru.setVar('${name}', res.getBody().${name});`,
      ),
    ),
    block('tests', [
      `test('answers as documented', () => expect(${JSON.stringify(request.statuses)}).to.include(res.getStatus()));`,
    ]),
    block('docs', description.split('\n')),
  ];
  return blocks.filter(Boolean).join('\n');
}

const line = ({ name, value, isOn }: Value) => `${isOn ? '' : '~'}${name}: ${value}`;

const block = (name: string, lines: string[]): string =>
  lines.length === 0 ? '' : `${name} {\n${lines.map((text) => `  ${text}`).join('\n')}\n}\n`;
