import type * as z from 'zod';
import { type Endpoint, endpointOf } from '../../openapi/endpoints.ts';
import { exampleId } from '../../openapi/schemas.ts';
import { projectFiles } from '../../process/project_files.ts';
import type { Sample } from './code.tsx';
import type { ExampleRequest, FormField } from './request_code/example_request.ts';
import { requestCode, requestLanguages } from './request_code/request_code.ts';

/** Where the samples call; the page puts the service's own address in its place. */
export const sampleUrl = 'https://example.com';

/** The shape of samples/voiceover.mp3: peaks of equal parts, base 36; samples/make.ts prints it. */
export const samplePeaks =
  '000rxvq0rvstslhrnt3pttpurinl1hrumnjqpnnws1rrsjtooa0mnqpkizx8mpq5qrkkqqojpppjrnsqsumnmrlkotmn1000';

const extensions = { curl: 'sh', node: 'mjs', python: 'py', php: 'php', go: 'go' };

/**
 * How to verify a webhook, in each language: whole programs in samples/, so that a test can run each as it is
 * shown. Verifying by hand in a shell is the odd case out, so it comes last.
 */
export function verifySamples(): Sample[] {
  const [curl, ...others] = requestLanguages;
  return [...others, { ...curl, label: 'Shell' }].map((language) => {
    const file = `src/pages/reference/verify/verify.${extensions[language.name]}`;
    return { ...language, code: projectFiles.read(file).toString().trimEnd() };
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

/** What stands for the key wherever the page has none. */
const keyPlaceholder = '$YOUR_API_KEY';

const exampleForm: FormField[] = [
  ['image', { file: 'portrait.jpg' }],
  ['audio', { file: 'voiceover.mp3' }],
  ['webhookUrl', 'https://your.app/hooks/vidgen'],
];
