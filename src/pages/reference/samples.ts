import type * as z from 'zod';
import type { Endpoint } from '../../openapi/endpoints/endpoint.ts';
import { endpointOf } from '../../openapi/endpoints.ts';
import { exampleId } from '../../openapi/schemas/values.ts';
import { projectFiles } from '../../process/project_files.ts';
import type { Sample } from './code.tsx';
import type { ExampleRequest, FormField } from './request_code/example_request.ts';
import { requestCode, requestLanguages } from './request_code/request_code.ts';

/** The address of the service in samples; the page replaces it with its own. */
export const sampleUrl = 'https://example.com';

/** The peaks of samples/voiceover.mp3, one base-36 digit each. samples/make.ts prints them. */
export const samplePeaks =
  '000rxvq0rvstslhrnt3pttpurinl1hrumnjqpnnws1rrsjtooa0mnqpkizx8mpq5qrkkqqojpppjrnsqsumnmrlkotmn1000';

const extensions = { shell: 'sh', node: 'mjs', python: 'py', php: 'php', go: 'go' };

/**
 * How to verify a webhook, in each language. The samples are whole programs in verify/, so that a test can run
 * them as shown. A shell is the unusual choice, so it comes last.
 */
export function verifySamples(): Sample[] {
  const [{ language }, ...others] = requestLanguages;
  // Not curl, so that whoever reads requests in curl sees the sample in Node first.
  return [...others, { name: 'shell' as const, label: 'Shell', language }].map((sample) => {
    const file = `src/pages/reference/verify/verify.${extensions[sample.name]}`;
    return { ...sample, code: projectFiles.read(file).toString().trimEnd() };
  });
}

/** How to submit a job, in each language. */
export const submitSamples = (publicUrl: string): Sample[] =>
  requestLanguages.map((language) => ({
    ...language,
    code: requestCode(language.name, exampleRequestOf(endpointOf('createJob'), publicUrl)),
  }));

/** The request of an endpoint with the values of its examples. */
export function exampleRequestOf(
  { method, path, access, form, json, jsonRequired, response }: Endpoint,
  publicUrl: string,
): ExampleRequest {
  return {
    method,
    url: publicUrl + path.replace(':jobId', exampleId),
    ...(access === 'API key' && { key: keyPlaceholder }),
    ...(form && { form: exampleForm }),
    ...(json && jsonRequired && { form: examplesOf(json) }),
    ...(response.stream && { stream: true }),
  };
}

/** A body of one field each, from the examples of its schema. */
const examplesOf = (body: z.ZodObject): FormField[] =>
  Object.entries(body.shape).map(([name, field]) => [name, String(field.meta()?.examples?.[0])]);

/** Stands for the key in examples until the visitor enters one. */
const keyPlaceholder = '$YOUR_API_KEY';

const exampleForm: FormField[] = [
  ['image', { file: 'portrait.jpg' }],
  ['audio', { file: 'voiceover.mp3' }],
  ['webhookUrl', 'https://your.app/hooks/vidgen'],
];
