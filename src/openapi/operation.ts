import * as z from 'zod';
import { forTools } from './components.ts';
import { type Endpoint, exampleOf, fieldsOf } from './endpoints/endpoint.ts';
import { errorResponses, everyHeader, header, success } from './responses.ts';

type Json = Record<string, unknown>;

/** An endpoint as OpenAPI describes it. */
export function operation(endpoint: Endpoint): Json {
  const { id, summary, description, access, parameters, form, response } = endpoint;
  return {
    operationId: id,
    tags: [tagOf(endpoint.path)],
    summary,
    description,
    ...(access === 'public' && { security: [] }),
    ...(parameters && { parameters: parameters.flatMap(parametersOf) }),
    ...(form && { requestBody: requestBody(form) }),
    ...(endpoint.json && { requestBody: jsonBody(endpoint.json, endpoint.jsonRequired) }),
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
      ...errorResponses(endpoint),
    },
  };
}

function tagOf(path: string): string {
  if (/hooks/.test(path)) return 'Webhooks';
  return /^\/api\/(jobs|status)/.test(path) ? 'Jobs' : 'Service';
}

function parametersOf({ in: place, schema }: NonNullable<Endpoint['parameters']>[number]): Json[] {
  return fieldsOf(schema).map(({ name, required, description }) => {
    const { $schema, description: _, ...json } = z.toJSONSchema(schema.shape[name]);
    return { name, in: place, required, description, schema: forTools(json) };
  });
}

function inputSchema(schema: z.ZodObject): unknown {
  const { $schema, ...json } = z.toJSONSchema(schema, {
    io: 'input',
    // zod leaves them out where a value is transformed: they could be of what comes out.
    override: ({ zodSchema, jsonSchema }) => {
      const { examples } = z.globalRegistry.get(zodSchema) ?? {};
      if (Array.isArray(examples)) jsonSchema.examples = examples;
    },
  });
  return forTools(json);
}

/** With an example of what is required alone: tools that make their own would send every option. */
function jsonContent(schema: z.ZodObject): Json {
  const required = fieldsOf(schema).filter((field) => field.required);
  const example = required.map(({ name }) => [name, exampleOf(schema.shape[name])]);
  return { schema: inputSchema(schema), example: Object.fromEntries(example) };
}

function requestBody({ schema, accept, json: properties }: NonNullable<Endpoint['form']>): Json {
  const encoding = Object.entries(accept).map(([name, contentType]) => [name, { contentType }]);
  return {
    required: true,
    content: {
      'multipart/form-data': {
        schema: inputSchema(schema),
        encoding: Object.fromEntries(encoding),
      },
      ...(properties && { 'application/json': jsonContent(properties) }),
    },
  };
}

function jsonBody(schema: z.ZodObject, required = false): Json {
  const content = jsonContent(schema);
  return {
    required,
    content: {
      'application/json': content,
      'application/x-www-form-urlencoded': content,
    },
  };
}
