import type { CollectionRequest, Value } from './requests.ts';

const disabled = ({ isOn }: Value) => !isOn && { disabled: true };

/** A collection of Postman's format 2.1. */
export const postmanCollection = (requests: CollectionRequest[]): string =>
  `${JSON.stringify(
    {
      info: {
        name: 'VidGen API',
        description:
          'Generated from openapi.json. Set the variables baseUrl and apiKey; "Submit a job" sets jobId, "Open a webhook catcher" token, for the requests after them.',
        schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
      },
      auth: {
        type: 'apikey',
        apikey: Object.entries({ key: 'X-API-Key', value: '{{apiKey}}', in: 'header' }).map(
          ([key, value]) => ({ key, value, type: 'string' }),
        ),
      },
      variable: [
        { key: 'baseUrl', value: 'http://localhost:3000' },
        { key: 'apiKey', value: '' },
        { key: 'jobId', value: '' },
        { key: 'token', value: '' },
      ],
      item: requests.map(item),
    },
    null,
    2,
  )}\n`;

function item(request: CollectionRequest) {
  const { name, description, method, path, needsKey, query, headers, form, json } = request;
  const parts = path.split('/').slice(1);
  return {
    name,
    event: [{ listen: 'test', script: { type: 'text/javascript', exec: script(request) } }],
    request: {
      method,
      description,
      ...(!needsKey && { auth: { type: 'noauth' } }),
      header: [
        ...headers.map((header) => ({
          key: header.name,
          value: header.value,
          ...disabled(header),
        })),
        ...(json ? [{ key: 'Content-Type', value: 'application/json' }] : []),
      ],
      url: {
        raw: `{{baseUrl}}${path}`,
        host: ['{{baseUrl}}'],
        path: parts,
        query: query.map((one) => ({
          ...{ key: one.name, value: one.value, description: one.description },
          ...disabled(one),
        })),
        variable: parts
          .filter((part) => part.startsWith(':'))
          .map((part) => ({ key: part.slice(1), value: `{{${part.slice(1)}}}` })),
      },
      ...(form && {
        body: {
          mode: 'formdata',
          formdata: form.map((field) => ({
            ...{ key: field.name, description: field.description },
            ...(field.isFile
              ? { type: 'file', src: field.value }
              : { type: 'text', value: field.value }),
            ...disabled(field),
          })),
        },
      }),
      ...(json && { body: { mode: 'raw', raw: json, options: { raw: { language: 'json' } } } }),
    },
  };
}

const script = ({ statuses, keeps }: CollectionRequest): string[] => [
  `pm.test('answers as documented', () => pm.expect(pm.response.code).to.be.oneOf(${JSON.stringify(statuses)}));`,
  ...keeps.map(
    (name) =>
      `if (pm.response.code < 300) pm.collectionVariables.set('${name}', pm.response.json().${name});`,
  ),
];
