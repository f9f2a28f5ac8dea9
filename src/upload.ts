import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { ApiError } from './errors.ts';
import {
  type AudioType,
  audioTypeOf,
  headBytes,
  type ImageType,
  imageTypeOf,
} from './media_type.ts';
import { boundaryOf, type Part, readParts } from './multipart.ts';
import { defaultPatience, type Patience, readBody } from './request_body.ts';
import type { BlobStore } from './storage/blob_store.ts';
import { type Cidr, checkWebhookUrl } from './webhook_url.ts';

export type Submission = {
  imageBlobId: string;
  imageType: ImageType;
  audioBlobId: string;
  audioType: AudioType;
  webhookUrl: string | null;
};

export type SubmissionLimits = { fileBytes: number; patience: Patience };

export const defaultLimits: SubmissionLimits = {
  fileBytes: 50 * 1024 * 1024,
  patience: defaultPatience,
};

// For all text fields and all headers of parts together.
const maxTextBytes = 1024 * 1024;
// 2,048 characters of up to four bytes.
const maxWebhookUrlBytes = 8192;

export type ReadSubmissionOptions = {
  store: BlobStore;
  processId: number;
  signal?: AbortSignal;
  limits?: SubmissionLimits;
  /** Private ranges that a webhookUrl may name all the same. */
  allowCidrs?: Cidr[];
};

/** What the headers alone can tell, before a byte of the body is read. Throws ApiError 400, 413 or 415. */
export function checkSubmissionHeaders(headers: IncomingHttpHeaders, limits = defaultLimits): void {
  boundaryOf(headers['content-type']);
  const encoding = headers['content-encoding'] ?? 'identity';
  const transfer = headers['transfer-encoding'] ?? 'chunked';
  if (!/^identity$/i.test(encoding) || !/^chunked$/i.test(transfer)) {
    throw new ApiError(
      415,
      'unsupported_encoding',
      'Send the body as it is, without Content-Encoding.',
    );
  }
  if (Number(headers['content-length'] ?? 0) > 2 * limits.fileBytes + maxTextBytes) {
    throw new ApiError(
      413,
      'body_too_large',
      `The request is too large: a file may be at most ${mebibytes(limits)}.`,
    );
  }
}

/**
 * Reads the form of POST /api/jobs while it arrives and stores its two files. They belong to
 * `processId` until api.create_job takes them over; when that fails, discard them.
 * Throws ApiError 400, 408, 413 or 415, and leaves nothing stored then.
 */
export async function readSubmission(
  incoming: IncomingMessage,
  o: ReadSubmissionOptions,
): Promise<Submission> {
  const limits = o.limits ?? defaultLimits;
  checkSubmissionHeaders(incoming.headers, limits);
  const body = readBody(incoming, limits.patience, o.signal);
  const form = new Form(o, limits);
  try {
    for await (const part of readParts(body, boundaryOf(incoming.headers['content-type'])))
      await form.take(part);
    return form.complete();
  } catch (error) {
    // Should this fail too, the sweep finds them once this process has gone.
    await o.store.discard(form.stored).catch(() => {});
    throw error;
  }
}

class Form {
  readonly stored: string[] = [];
  #seen = new Set<string>();
  #image: { id: string; type: ImageType } | undefined;
  #audio: { id: string; type: AudioType } | undefined;
  #webhookUrl: string | null = null;
  #textBytes = 0;
  #o: ReadSubmissionOptions;
  #limits: SubmissionLimits;

  constructor(o: ReadSubmissionOptions, limits: SubmissionLimits) {
    this.#o = o;
    this.#limits = limits;
  }

  async take(part: Part): Promise<void> {
    const { name, filename } = part;
    const known = name === 'image' || name === 'audio' || name === 'webhookUrl';
    if (known && this.#seen.has(name))
      throw refuse(name, 'repeated_field', `The field "${name}" is there twice. Send it once.`);
    this.#seen.add(name);
    if (name === 'image')
      this.#image = await this.#file(part, imageTypeOf, 'a JPEG, PNG or WebP picture');
    else if (name === 'audio')
      this.#audio = await this.#file(
        part,
        audioTypeOf,
        'an MP3, WAV, M4A or Ogg (Vorbis or Opus) file',
      );
    else if (filename !== null) throw notText(name, known);
    else if (name === 'webhookUrl') this.#webhookUrl = await this.#url(part);
    else await this.#text(part, maxTextBytes);
  }

  complete(): Submission {
    if (!this.#image || !this.#audio) {
      const missing = this.#image ? 'audio' : 'image';
      throw refuse(
        missing,
        'missing_field',
        `The field "${missing}" is missing. Send it as a file.`,
      );
    }
    return {
      imageBlobId: this.#image.id,
      imageType: this.#image.type,
      audioBlobId: this.#audio.id,
      audioType: this.#audio.type,
      webhookUrl: this.#webhookUrl,
    };
  }

  async #file<Type extends string>(
    part: Part,
    typeOf: (head: Uint8Array) => Promise<Type | null>,
    accepted: string,
  ): Promise<{ id: string; type: Type }> {
    const { name } = part;
    if (part.filename === null)
      throw refuse(name, 'not_a_file', `The field "${name}" must be a file, with a file name.`);
    const bytes = atMost(part.body, this.#limits.fileBytes, () => {
      const message = `The file in the field "${name}" is larger than ${mebibytes(this.#limits)}.`;
      return new ApiError(413, 'file_too_large', message, { extra: { field: name } });
    });
    const head = await firstBytes(bytes, headBytes);
    if (head.length === 0)
      throw refuse(name, 'empty_file', `The file in the field "${name}" is empty.`);
    const type = await typeOf(head.subarray(0, headBytes));
    if (!type) {
      const message = `The file in the field "${name}" is of an unsupported type. Send ${accepted}.`;
      throw new ApiError(415, 'unsupported_media_type', message, { extra: { field: name } });
    }
    const { store, processId, signal } = this.#o;
    const contentType = type.includes('/') ? type : audioContentType[type];
    const { id } = await store.write(joined(head, bytes), {
      processId,
      contentType: contentType ?? type,
      signal,
    });
    this.stored.push(id);
    return { id, type };
  }

  async #url(part: Part): Promise<string> {
    const text = await this.#text(part, maxWebhookUrlBytes);
    const checked = checkWebhookUrl(text, this.#o.allowCidrs ?? []);
    if (!checked.ok) throw refuse('webhookUrl', 'invalid_webhook_url', checked.message);
    return text.replace(/^https/i, 'https');
  }

  async #text(part: Part, most: number): Promise<string> {
    const { name } = part;
    const tooLong = () =>
      refuse(name, 'field_too_long', `The text in the field "${name}" is too long.`);
    const pieces: Buffer[] = [];
    for await (const piece of atMost(
      part.body,
      Math.min(most, maxTextBytes - this.#textBytes),
      tooLong,
    )) {
      pieces.push(piece);
      this.#textBytes += piece.length;
    }
    try {
      const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
        Buffer.concat(pieces),
      );
      if (text.includes('\0')) throw new Error('NUL');
      return text;
    } catch {
      throw refuse(name, 'not_text', `The field "${name}" must be UTF-8 text without NUL.`);
    }
  }
}

const audioContentType: Record<string, string> = {
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  m4a: 'audio/mp4',
  ogg: 'audio/ogg',
};

async function* atMost(
  bytes: AsyncIterable<Buffer>,
  most: number,
  tooMuch: () => ApiError,
): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const piece of bytes) {
    size += piece.length;
    if (size > most) throw tooMuch();
    yield piece;
  }
}

async function firstBytes(bytes: AsyncGenerator<Buffer>, length: number): Promise<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  while (head.length < length) {
    const { done, value } = await bytes.next();
    if (done) break;
    head = head.length > 0 ? Buffer.concat([head, value]) : value;
  }
  return head;
}

async function* joined(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  yield* rest;
}

const refuse = (field: string, code: string, message: string) =>
  new ApiError(400, code, message, { extra: { field } });

const notText = (name: string, known: boolean) =>
  known
    ? refuse(name, 'not_text', `The field "${name}" must be text, not a file.`)
    : refuse(
        name,
        'unknown_file',
        `The field "${name}" is not known. Send files as image and audio.`,
      );

const mebibytes = ({ fileBytes }: SubmissionLimits) =>
  `${Math.floor(fileBytes / (1024 * 1024))} MB`;
