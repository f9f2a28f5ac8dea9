import type { paths } from './api.types.ts';
import { VidgenError } from './error.ts';

type Form = paths['/api/jobs']['post']['requestBody']['content']['multipart/form-data'];

/**
 * A file: an http(s) address that the service fetches, a path (Node.js), or the bytes as a Blob, an array, or a
 * stream. All but addresses are read to their end first.
 */
export type Source =
  | string
  | URL
  | Blob
  | Uint8Array
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>;

/** What a video is made of: the files, and any options of the API. */
export type Submission = Omit<
  Form,
  'image' | 'audio' | 'captions' | 'loudness' | 'metadata' | 'imageUrl' | 'audioUrl' | 'captionsUrl'
> & {
  image: Source;
  audio: Source;
  captions?: Source;
  /** LUFS. Default keep. */
  loudness?: 'keep' | -14 | -16 | -19 | -23;
  /** Your own data, returned with the job. */
  metadata?: Record<string, string>;
};

const fileNames = ['image', 'audio', 'captions'] as const;

/** The body of a submission: JSON when all files are addresses, else a form. Throws VidgenError. */
export async function bodyOf(
  submission: Submission,
): Promise<{ body: FormData | string; headers: Record<string, string> }> {
  const given = Object.entries(submission).filter(([, value]) => value !== undefined);
  const fields: Record<string, unknown> = Object.fromEntries(given);
  const files: [string, File | Blob, string][] = [];
  for (const name of fileNames) {
    const source = submission[name];
    if (source === undefined) continue;
    delete fields[name];
    if (isAddress(source)) fields[`${name}Url`] = String(source);
    else files.push([name, await blobOf(source), nameOf(source) ?? name]);
  }
  if (files.length === 0)
    return {
      body: JSON.stringify(fields),
      headers: { 'Content-Type': 'application/json' },
    };
  const form = new FormData();
  // Options come first, so that a wrong one is reported before the files have been sent.
  for (const [name, value] of Object.entries(fields))
    form.append(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
  for (const file of files) form.append(...file);
  return { body: form, headers: {} };
}

const isAddress = (source: Source): source is string | URL =>
  source instanceof URL || (typeof source === 'string' && /^https?:\/\//i.test(source));

function nameOf(source: Source): string | undefined {
  if (typeof source === 'string') return source.split(/[/\\]/).at(-1);
  return (source as { name?: string }).name;
}

async function blobOf(source: Source): Promise<Blob> {
  if (source instanceof Blob) return source;
  if (typeof source === 'string') return readPath(source);
  if (source instanceof Uint8Array) return new Blob([source as Uint8Array<ArrayBuffer>]);
  if (source instanceof ReadableStream) return new Response(source).blob();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of source as AsyncIterable<Uint8Array<ArrayBuffer>>) pieces.push(piece);
  return new Blob(pieces);
}

/** Read as a whole, so that what is sent again is what was sent first. */
async function readPath(path: string): Promise<Blob> {
  const { readFile } = await builtin<typeof import('node:fs/promises')>('node:fs/promises');
  const bytes = await readFile(path).catch((cause: { code: string }) => {
    const known: Record<string, string> = {
      ENOENT: `There is no file ${path}.`,
      EISDIR: `${path} is not a file.`,
    };
    const sentence = known[cause.code] ?? `${path} cannot be read (${cause.code}).`;
    throw new VidgenError('file_unreadable', sentence, { cause });
  });
  return new Blob([bytes]);
}

/** A module of Node.js, hidden from bundlers for browsers. */
export const builtin = <Module>(name: string): Promise<Module> =>
  import(/* @vite-ignore */ /* webpackIgnore: true */ name).catch((cause) => {
    throw new VidgenError(
      'file_unreadable',
      'Paths work in Node.js only. In a browser give Files, Blobs or addresses.',
      { cause },
    );
  });
