import * as z from 'zod';
import { errorDocs } from '../errors.ts';
import { type Endpoint, endpoints, errorMeanings, exampleOf, fieldsOf } from './endpoints.ts';
import { errorCodes } from './error_codes.ts';
import { componentHeaders, webhook } from './headers.ts';
import { job } from './job.ts';
import { catcher, caughtList, moreEndpoints, ready } from './operator_endpoints.ts';
import {
  errorBody,
  exampleRequestId,
  health,
  jobCancelled,
  jobCreated,
  jobList,
  jobState,
  jobStatus,
  videoDeleted,
  webhookDeliveries,
  webhookRequeued,
} from './schemas.ts';
import { targetList } from './targets.ts';

type Json = Record<string, unknown>;

const named = {
  Job: job,
  TargetList: targetList,
  Health: health,
  JobCreated: jobCreated,
  JobState: jobState,
  JobStatus: jobStatus,
  JobList: jobList,
  JobCancelled: jobCancelled,
  VideoDeleted: videoDeleted,
  Ready: ready,
  Catcher: catcher,
  CaughtList: caughtList,
  WebhookDeliveries: webhookDeliveries,
  WebhookRequeued: webhookRequeued,
  ErrorResponse: errorBody,
};

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
    security: [{ apiKey: [] }, { bearer: [] }],
    tags,
    paths,
    webhooks: { jobEnded: { post: webhook } },
    components: {
      schemas: componentSchemas(),
      responses: Object.fromEntries(
        Object.entries(errorMeanings).map(([status, description]) => [
          `Error${status}`,
          errorResponse(Number(status), description),
        ]),
      ),
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

function tagOf(path: string): string {
  if (/hooks/.test(path)) return 'Webhooks';
  return /^\/api\/(jobs|status)/.test(path) ? 'Jobs' : 'Service';
}

function componentSchemas(): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema, $id, ...schema }]) => [id, forTools(schema)]),
  );
}

/**
 * Adapts a schema to code generators: removes a pattern when a format says the same (they turn the value into
 * a date and then match the pattern against that), and gives each field its value from the example.
 */
function forTools(schema: unknown, example?: unknown): unknown {
  if (Array.isArray(schema)) return schema.map((one) => forTools(one, example));
  if (typeof schema !== 'object' || schema === null) return schema;
  const { pattern, properties, items, ...rest } = schema as Json;
  const [own = example] = Array.isArray(rest.examples) ? rest.examples : [];
  const isObject = properties !== undefined || items !== undefined;
  return {
    ...rest,
    ...(pattern !== undefined && rest.format === undefined && { pattern }),
    ...(own !== undefined && !isObject && { examples: [own] }),
    ...(properties !== undefined && {
      properties: Object.fromEntries(
        Object.entries(properties as Json).map(([name, one]) => [
          name,
          forTools(one, (own as Json | undefined)?.[name]),
        ]),
      ),
    }),
    ...(items !== undefined && { items: forTools(items, (own as unknown[] | undefined)?.[0]) }),
  };
}

const reference = (schema: z.ZodType) => {
  const name = Object.entries(named).find(([, one]) => one === schema)?.[0];
  if (!name) throw new Error('A response has a schema without a name.');
  return { $ref: `#/components/schemas/${name}` };
};

function operation(endpoint: Endpoint): Json {
  const { id, summary, description, access, parameters, form, response, errors } = endpoint;
  const statuses = [...errors, ...(access === 'public' ? [] : [401, 429, 500])].sort();
  return {
    operationId: id,
    tags: [tagOf(endpoint.path)],
    summary,
    description,
    ...(access === 'public' && { security: [] }),
    ...(parameters && { parameters: parameters.flatMap(parametersOf) }),
    ...(form && { requestBody: requestBody(form) }),
    ...(endpoint.json && { requestBody: jsonBody(endpoint.json) }),
    responses: {
      [response.status]: success(endpoint),
      ...Object.fromEntries(
        Object.entries(endpoint.empty ?? {}).map(([status, description]) => [
          status,
          {
            description,
            headers: { ...everyHeader, ...(status === '304' && { ETag: header('ETag') }) },
          },
        ]),
      ),
      ...Object.fromEntries(
        statuses.map((status) => [status, { $ref: `#/components/responses/Error${status}` }]),
      ),
    },
  };
}

function parametersOf({ in: place, schema }: NonNullable<Endpoint['parameters']>[number]): Json[] {
  return fieldsOf(schema).map(({ name, required, description }) => {
    const { $schema, description: _, ...json } = z.toJSONSchema(schema.shape[name]);
    return { name, in: place, required, description, schema: forTools(json) };
  });
}

function inputSchema(schema: z.ZodObject): unknown {
  const { $schema, ...json } = z.toJSONSchema(schema, { io: 'input' });
  return forTools(json);
}

function requestBody({ schema, accept, json: properties }: NonNullable<Endpoint['form']>): Json {
  const { $schema, ...json } = z.toJSONSchema(schema, { io: 'input' });
  const encoding = Object.entries(accept).map(([name, contentType]) => [name, { contentType }]);
  return {
    required: true,
    content: {
      'multipart/form-data': { schema: forTools(json), encoding: Object.fromEntries(encoding) },
      ...(properties && { 'application/json': { schema: inputSchema(properties) } }),
    },
  };
}

function jsonBody(schema: z.ZodObject): Json {
  const { $schema, ...json } = z.toJSONSchema(schema, { io: 'input' });
  const content = { schema: forTools(json) };
  return {
    required: false,
    content: {
      'application/json': content,
      'application/x-www-form-urlencoded': content,
    },
  };
}

function success({ id, empty, response: { status, schema, description, stream } }: Endpoint): Json {
  const example = exampleOf(schema);
  const content = stream
    ? { 'text/event-stream': { schema: { type: 'string' }, example: eventExample(schema) } }
    : {
        'application/json': {
          schema: reference(schema),
          ...(example !== undefined && { example }),
        },
      };
  const created = status === 201 && { Location: header('Location') };
  const replayed = id === 'createJob' && {
    'Idempotent-Replayed': header('IdempotentReplayed'),
    'Preference-Applied': header('PreferenceApplied'),
  };
  const tagged = empty?.[304] && { ETag: header('ETag') };
  return { description, headers: { ...everyHeader, ...tagged, ...created, ...replayed }, content };
}

const eventExample = (schema: z.ZodType) => `id: 1\ndata: ${JSON.stringify(exampleOf(schema))}\n\n`;

const header = (name: string) => ({ $ref: `#/components/headers/${name}` });

const everyHeader = {
  'RateLimit-Limit': header('RateLimitLimit'),
  'RateLimit-Remaining': header('RateLimitRemaining'),
  'RateLimit-Reset': header('RateLimitReset'),
  'RateLimit-Policy': header('RateLimitPolicy'),
  'X-Request-Id': header('RequestId'),
};

function errorResponse(status: number, description: string): Json {
  const retry = status >= 429 && { 'Retry-After': header('RetryAfter') };
  return {
    description,
    headers: { ...everyHeader, ...retry },
    content: {
      'application/json': {
        schema: { $ref: '#/components/schemas/ErrorResponse' },
        examples: Object.fromEntries(
          Object.entries(errorCodes)
            .filter(([, known]) => known.status === status)
            .map(([code, { message, remedy }]) => [
              code,
              {
                summary: remedy,
                value: {
                  ...{ error: message, code, requestId: exampleRequestId },
                  docs: errorDocs('https://example.com', code),
                },
              },
            ]),
        ),
      },
    },
  };
}
