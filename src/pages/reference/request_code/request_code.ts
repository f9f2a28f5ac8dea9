import type { Language } from '../highlight.ts';
import { curl } from './curl.ts';
import type { ExampleRequest } from './example_request.ts';
import { go } from './go.ts';
import { node } from './node.ts';
import { php } from './php.ts';
import { python } from './python.ts';

export const requestLanguages = [
  { name: 'curl', label: 'curl', language: 'sh' },
  { name: 'node', label: 'Node', language: 'js' },
  { name: 'python', label: 'Python', language: 'py' },
  { name: 'php', label: 'PHP', language: 'php' },
  { name: 'go', label: 'Go', language: 'go' },
] as const satisfies { name: string; label: string; language: Language }[];

export type RequestLanguage = (typeof requestLanguages)[number]['name'];

/** The request as a program that runs as shown. */
export const requestCode = (language: RequestLanguage, request: ExampleRequest): string =>
  ({ curl, node, python, php, go })[language](request);
