import * as z from 'zod';
import { catcher, caughtList } from './schemas/catchers.ts';
import { errorBody } from './schemas/error.ts';
import { job } from './schemas/job.ts';
import { jobCancelled, jobCreated, jobList, jobStatus, videoDeleted } from './schemas/jobs.ts';
import { health, ready } from './schemas/service.ts';
import { targetList } from './schemas/targets.ts';
import { jobState } from './schemas/values.ts';
import { webhookDeliveries, webhookRequeued } from './schemas/webhooks.ts';

type Json = Record<string, unknown>;

/** The schemas that have a name in the document, and in what is generated from it. */
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

export function componentSchemas(): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema, $id, ...schema }]) => [id, forTools(schema)]),
  );
}

/**
 * Adapts a schema to code generators: removes a pattern when a format says the same (they turn the value into
 * a date and then match the pattern against that), and gives each field its value from the example. An object
 * has none of its own: mock servers would prefer it to the examples of a response.
 */
export function forTools(schema: unknown, example?: unknown): unknown {
  if (Array.isArray(schema)) return schema.map((one) => forTools(one, example));
  if (typeof schema !== 'object' || schema === null) return schema;
  const { pattern, properties, items, examples, ...rest } = schema as Json;
  const own = example !== undefined ? example : (examples as unknown[] | undefined)?.[0];
  const isObject = properties !== undefined || items !== undefined;
  return {
    ...rest,
    ...(rest.anyOf !== undefined && { anyOf: forTools(rest.anyOf) }),
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

/** Throws where the schema has no name. */
export const reference = (schema: z.ZodType) => {
  const name = Object.entries(named).find(([, one]) => one === schema)?.[0];
  if (!name) throw new Error('A response has a schema without a name.');
  return { $ref: `#/components/schemas/${name}` };
};
