import type { openapi } from '../../src/openapi/document.ts';

type Document = ReturnType<typeof openapi>;
type Schema = {
  default?: unknown;
  examples?: unknown[];
  enum?: unknown[];
  description?: string;
  format?: string;
  contentEncoding?: string;
};
type Operation = {
  operationId: string;
  summary: string;
  description: string;
  tags: string[];
  security?: unknown[];
  parameters?: { name: string; in: string; description: string; schema: Schema }[];
  requestBody?: {
    required: boolean;
    content: Record<
      string,
      { schema: { properties: Record<string, Schema>; required?: string[] }; example?: object }
    >;
  };
  responses: Record<string, unknown>;
};

/** A value of a request. An optional one is included, but switched off. */
export type Value = { name: string; value: string; description: string; isOn: boolean };
export type FormField = Value & { isFile: boolean };

/** A request of a collection, for whatever program sends it. */
export type CollectionRequest = {
  name: string;
  folder: string;
  description: string;
  method: string;
  /** Like /api/jobs/:jobId. */
  path: string;
  needsKey: boolean;
  query: Value[];
  headers: Value[];
  form?: FormField[];
  json?: string;
  /** The statuses that the document has for it. */
  statuses: number[];
  /** Values of its answer that later requests need. */
  keeps: string[];
  /** Another way of sending what a request before it has sent. */
  isAnother: boolean;
};

const files: Record<string, string> = {
  image: 'portrait.jpg',
  audio: 'voiceover.mp3',
  captions: 'captions.srt',
};
/** Sent whole, a collection makes a video and waits for it. */
const on: Record<string, Record<string, string>> = {
  getJobStatus: { wait: '60', until: 'end' },
};
const kept: Record<string, string[]> = { createJob: ['jobId'], openCatcher: ['token'] };
// The rest follows in the order of the document.
const first = ['getHealth', 'getReady', 'listTargets', 'createJob', 'getJobStatus', 'getJob'];

export function requestsOf(document: Document): CollectionRequest[] {
  const paths = document.paths as Record<string, Record<string, Operation>>;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const rank = ({ operation }: { operation: Operation }) =>
    (first.indexOf(operation.operationId) + first.length + 1) % (first.length + 1);
  return operations
    .toSorted((a, b) => rank(a) - rank(b))
    .flatMap(({ path, method, operation }) => requests(path, method, operation))
    .toSorted((a, b) => Number(a.isAnother) - Number(b.isAnother));
}

function requests(path: string, method: string, operation: Operation): CollectionRequest[] {
  const { operationId: id, summary, description, tags, security, responses } = operation;
  const values = (place: string): Value[] =>
    (operation.parameters ?? [])
      .filter((parameter) => parameter.in === place)
      .map(({ name, description, schema }) => ({
        ...{ name, description },
        value: on[id]?.[name] ?? exampleOf(schema),
        isOn: on[id]?.[name] !== undefined,
      }));
  const plain = {
    name: summary,
    folder: tags[0] ?? '',
    description,
    method: method.toUpperCase(),
    path: path.replaceAll(/\{(\w+)\}/g, ':$1'),
    needsKey: security?.length !== 0,
    query: values('query'),
    headers: values('header'),
    statuses: Object.keys(responses).map(Number),
    keeps: kept[id] ?? [],
    isAnother: false,
  };
  const form = operation.requestBody?.content['multipart/form-data']?.schema;
  if (!form)
    return [{ ...plain, ...(operation.requestBody?.required && { json: jsonExample(operation) }) }];
  const fields = Object.entries(form.properties).map(([name, schema]) => ({
    ...{ name, description: schema.description ?? '' },
    value: files[name] ?? exampleOf(schema),
    isOn: form.required?.includes(name) ?? false,
    isFile: name in files,
  }));
  return [
    { ...plain, form: fields },
    {
      ...plain,
      name: `${summary} by address`,
      json: jsonExample(operation),
      isAnother: true,
    },
  ];
}

const jsonExample = ({ requestBody }: Operation): string =>
  JSON.stringify(requestBody?.content['application/json']?.example, null, 2);

const exampleOf = ({ examples, default: usual, enum: values }: Schema): string =>
  String(examples?.[0] ?? usual ?? values?.[0] ?? '');
