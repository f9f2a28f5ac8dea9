import * as z from 'zod';
import { type Endpoint, endpoints, errorMeanings, exampleOf, fieldsOf } from './endpoints.ts';
import { componentHeaders, webhook } from './headers.ts';
import { catcher, caughtList, moreEndpoints, ready } from './operator_endpoints.ts';
import {
  errorBody,
  health,
  jobCancelled,
  jobCreated,
  jobList,
  jobState,
  jobStatus,
  webhookDeliveries,
  webhookRequeued,
} from './schemas.ts';

type Json = Record<string, unknown>;

const named = {
  Health: health,
  JobCreated: jobCreated,
  JobState: jobState,
  JobStatus: jobStatus,
  JobList: jobList,
  JobCancelled: jobCancelled,
  Ready: ready,
  Catcher: catcher,
  CaughtList: caughtList,
  WebhookDeliveries: webhookDeliveries,
  WebhookRequeued: webhookRequeued,
  Error: errorBody,
};

/** The OpenAPI 3.1 document, made from the schemas that the routes use: /openapi.json. */
export function openapi(): Json {
  const paths: Record<string, Json> = {};
  for (const endpoint of [...endpoints, ...moreEndpoints]) {
    const path = endpoint.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(endpoint) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'VidGen API',
      version: '1',
      description:
        'Generate videos from a single image and an audio file via a simple HTTP API. Submit a job, poll for status, get back a finished video.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [{ apiKey: [] }],
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
      },
    },
  };
}

function componentSchemas(): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema, $id, ...schema }]) => [id, schema]),
  );
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
    summary,
    description,
    ...(access === 'public' && { security: [] }),
    ...(parameters && { parameters: parameters.flatMap(parametersOf) }),
    ...(form && { requestBody: requestBody(form) }),
    responses: {
      [response.status]: success(endpoint),
      ...Object.fromEntries(
        Object.entries(endpoint.empty ?? {}).map(([status, description]) => [
          status,
          { description, headers: everyHeader },
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
    return { name, in: place, required, description, schema: json };
  });
}

function requestBody({ schema, accept }: NonNullable<Endpoint['form']>): Json {
  const { $schema, ...json } = z.toJSONSchema(schema, { io: 'input' });
  const encoding = Object.entries(accept).map(([name, contentType]) => [name, { contentType }]);
  return {
    required: true,
    content: { 'multipart/form-data': { schema: json, encoding: Object.fromEntries(encoding) } },
  };
}

function success({ id, response: { schema, description, stream } }: Endpoint): Json {
  const content = stream
    ? { 'text/event-stream': { schema: { type: 'string' } } }
    : { 'application/json': { schema: reference(schema), example: exampleOf(schema) } };
  const replayed = id === 'createJob' && { 'Idempotent-Replayed': header('IdempotentReplayed') };
  return { description, headers: { ...everyHeader, ...replayed }, content };
}

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
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
  };
}
