import { isUtf8 } from 'node:buffer';
import { ApiError } from '../errors.ts';
import { atMost } from './byte_stream.ts';

// A megabyte of captions, escaped, plus everything else.
const mostBytes = 1536 * 1024;
// An object of options that contains one of metadata: nothing is nested deeper.
const mostDepth = 3;

const submission = '{"imageUrl":"https://…","audioUrl":"https://…"}';

/** The one JSON object in a body. Throws ApiError 400 that says what is wrong with it. */
export async function readJsonObject(
  body: AsyncIterable<Buffer>,
): Promise<Record<string, unknown>> {
  const pieces: Buffer[] = [];
  const tooLarge = () => invalid('it is larger than 1.5 MB. Send long captions as captionsUrl');
  for await (const piece of atMost(body, mostBytes, tooLarge)) pieces.push(piece);
  return parseJsonObject(Buffer.concat(pieces), submission);
}

/** The same of bytes that are there. `example` is shown to callers whose JSON is not an object. */
export function parseJsonObject(bytes: Buffer, example: string): Record<string, unknown> {
  if (!isUtf8(bytes)) throw invalid('it is not UTF-8');
  const text = bytes.toString().replace(/^\uFEFF/, '');
  if (text.trim() === '') throw invalid('it is empty');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid((error as Error).message);
  }
  checkKeys(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(`it must be an object such as ${example}`);
  return value as Record<string, unknown>;
}

const token = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/gs;

/**
 * Refuses valid JSON that nobody can mean: a repeated name, of which JSON.parse keeps the last, and deep
 * nesting.
 */
function checkKeys(text: string): void {
  const open: Set<string>[] = [];
  let last = '';
  for (const [found] of text.matchAll(token)) {
    if (found === '{' || found === '[') {
      open.push(new Set());
      if (open.length > mostDepth) throw invalid('it is nested too deeply');
    } else if (found === '}' || found === ']') open.pop();
    else if (found === ':') {
      const name = JSON.parse(last) as string;
      const names = open.at(-1);
      if (names?.has(name)) throw twice(name);
      names?.add(name);
    }
    last = found;
  }
}

const invalid = (why: string) =>
  new ApiError(400, 'invalid_json', `The JSON body cannot be read: ${why}.`, {
    extra: { field: 'body' },
  });

export const twice = (name: string) =>
  new ApiError(
    400,
    'repeated_field',
    `The field "${name.slice(0, 100)}" is there twice. Send it once.`,
    {
      extra: { field: name.slice(0, 100) },
    },
  );
