import { componentSchemas } from './components.ts';
import { endpoints, moreEndpoints } from './endpoints.ts';
import { componentHeaders, webhook } from './headers.ts';
import { operation } from './operation.ts';
import { standardResponses } from './responses.ts';

type Json = Record<string, unknown>;

/**
 * The OpenAPI 3.1 document, generated from the schemas that the routes use: /openapi.json.
 *
 * @param publicUrl where the service is reached; the file in git uses localhost
 */
export function openapi(publicUrl = 'http://localhost:3000'): Json {
  const paths: Record<string, Json> = {};
  for (const endpoint of [...endpoints, ...moreEndpoints]) {
    const path = endpoint.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(endpoint) };
  }
  return withAddresses(publicUrl, {
    openapi: '3.1.0',
    info: {
      title: 'VidGen API',
      version: '1',
      description:
        'Generate videos from a single image and an audio file via a simple HTTP API. Submit a job, poll for status, get back a finished video.',
      contact: { name: 'VidGen', url: `${publicUrl}/` },
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: publicUrl }],
    externalDocs: { description: 'Every error code', url: `${publicUrl}/errors` },
    security: [{ apiKey: [] }, { bearer: [] }],
    tags,
    paths,
    webhooks: { jobEnded: { post: webhook } },
    components: {
      schemas: componentSchemas(),
      responses: standardResponses(),
      headers: componentHeaders,
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        bearer: { type: 'http', scheme: 'bearer', description: 'The same API key.' },
      },
    },
  });
}

/** Links within the page lead to it from wherever the document is read. */
const withAddresses = (publicUrl: string, document: Json): Json =>
  JSON.parse(JSON.stringify(document).replaceAll('](#', `](${publicUrl}/#`));

const tags = [
  { name: 'Jobs', description: 'Submit, follow, list and cancel jobs.' },
  { name: 'Webhooks', description: 'The deliveries of webhooks, and a receiver for trying them.' },
  { name: 'Service', description: 'Whether the service is up, and what it offers.' },
];
