import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { CaptionsError } from '../captions/cue.ts';
import { decodeCaptions } from '../captions/decode.ts';
import { parseCaptions } from '../captions/parse.ts';
import { ApiError } from '../errors.ts';
import { defaultPatience, type Patience } from '../http/request_body.ts';
import { audioTypeOf, headBytes, imageTypeOf } from '../media_type.ts';
import { type Cidr, checkWebhookUrl } from '../outbound/webhook_url.ts';
import type { BlobStore, WrittenBlob } from '../storage/blob_store.ts';
import { optionNames } from '../video_options.ts';
import { atMost, firstBytes, joined } from './byte_stream.ts';
import { maxFileBytes, mebibytes } from './max_file.ts';
import type { Part } from './multipart/parts.ts';
import { type Asked, readOptions, refuseNearMiss } from './option_fields.ts';

export type Submission = Asked & {
  imageBlobId: string;
  audioBlobId: string;
  captionsBlobId: string | null;
  webhookUrl: string | null;
  /** SHA-256 of all that is known of it, hexadecimal: what a repetition by Idempotency-Key must equal. */
  fingerprint: string;
};

export type SubmissionLimits = { fileBytes: number; patience: Patience };

export const defaultLimits: SubmissionLimits = {
  fileBytes: maxFileBytes,
  patience: defaultPatience,
};

const fieldNames = ['image', 'audio', 'captions', 'webhookUrl', 'metadata', ...optionNames];

// For all text fields and all headers of parts together.
export const maxTextBytes = 1024 * 1024;
// 2,048 characters of up to four bytes.
const maxWebhookUrlBytes = 8192;
// 2,000 characters of description, and blanks around them.
const maxOptionBytes = 16 * 1024;
const maxCaptionsBytes = 1024 * 1024;

export type SubmissionOptions = {
  store: Pick<BlobStore, 'write' | 'discard'>;
  processId: number;
  limits?: SubmissionLimits;
  /** Private ranges that a webhookUrl may name all the same. */
  allowCidrs?: Cidr[];
};

/** The form as it comes in: takes part after part, stores the files, refuses what does not belong. */
export class SubmissionForm {
  /** Ids of the blobs stored so far. */
  readonly stored: string[] = [];
  #seen = new Set<string>();
  #files = new Map<string, WrittenBlob>();
  #fields: Record<string, string> = {};
  #textBytes = 0;
  #o: SubmissionOptions;
  #limits: SubmissionLimits;

  constructor(o: SubmissionOptions) {
    this.#o = o;
    this.#limits = o.limits ?? defaultLimits;
  }

  async take(part: Part): Promise<void> {
    const { name, filename } = part;
    const known = fieldNames.includes(name);
    if (known && this.#seen.has(name))
      throw refusalOf(name, 'repeated_field', `The field "${name}" is there twice. Send it once.`);
    this.#seen.add(name);
    if (name === 'image') await this.#file(part, imageTypeOf, 'a JPEG, PNG or WebP picture');
    else if (name === 'audio')
      await this.#file(part, audioTypeOf, 'an MP3, WAV, M4A or Ogg (Vorbis or Opus) file');
    else if (name === 'captions') await this.#captions(part);
    else if (filename !== null) throw notText(name, known);
    else if (name === 'webhookUrl') await this.#url(part);
    else if (known) await this.#option(part);
    else {
      refuseNearMiss(name, fieldNames);
      await this.#bytes(part, maxTextBytes);
    }
  }

  complete(): Submission {
    const image = this.#files.get('image');
    const audio = this.#files.get('audio');
    if (!image || !audio) {
      const missing = image ? 'audio' : 'image';
      throw refusalOf(
        missing,
        'missing_field',
        `The field "${missing}" is missing. Send it as a file.`,
      );
    }
    return {
      ...readOptions(this.#fields),
      imageBlobId: image.id,
      audioBlobId: audio.id,
      captionsBlobId: this.#files.get('captions')?.id ?? null,
      webhookUrl: this.#fields.webhookUrl ?? null,
      fingerprint: this.#fingerprint(),
    };
  }

  /** The order of the fields is nobody's intention. */
  #fingerprint(): string {
    const all = [
      ...[...this.#files].map(([name, { sha256 }]) => [name, sha256]),
      ...Object.entries(this.#fields),
    ];
    return createHash('sha256').update(JSON.stringify(all.sort())).digest('hex');
  }

  async #file(
    part: Part,
    typeOf: (head: Uint8Array) => Promise<string | null>,
    accepted: string,
  ): Promise<void> {
    const { name } = part;
    const looksLikeText = part.filename === null && part.contentType === null;
    const bytes = atMost(part.body, this.#limits.fileBytes, () => {
      const message = `The file in the field "${name}" is larger than ${mebibytes(this.#limits.fileBytes)}.`;
      return new ApiError(413, 'file_too_large', message, { extra: { field: name } });
    });
    const head = await firstBytes(bytes, headBytes);
    if (head.length === 0 && !looksLikeText)
      throw refusalOf(name, 'empty_file', `The file in the field "${name}" is empty.`);
    const type = await typeOf(head.subarray(0, headBytes));
    if (!type && looksLikeText)
      throw refusalOf(name, 'not_a_file', `The field "${name}" must be a file: ${accepted}.`);
    if (!type) {
      const message = `The file in the field "${name}" is of an unsupported type. Send ${accepted}.`;
      throw new ApiError(415, 'unsupported_media_type', message, { extra: { field: name } });
    }
    await this.#store(name, joined(head, bytes), type);
  }

  async #store(name: string, bytes: AsyncIterable<Buffer>, contentType: string): Promise<void> {
    const { store, processId } = this.#o;
    const blob = await store.write(bytes, { processId, contentType });
    this.stored.push(blob.id);
    this.#files.set(name, blob);
  }

  async #captions({ name, body }: Part): Promise<void> {
    const pieces: Buffer[] = [];
    const tooLarge = () =>
      new ApiError(413, 'file_too_large', 'The file in the field "captions" is larger than 1 MB.', {
        extra: { field: name },
      });
    for await (const piece of atMost(body, maxCaptionsBytes, tooLarge)) pieces.push(piece);
    const bytes = Buffer.concat(pieces);
    // What a form sends where no file was chosen.
    if (bytes.length === 0) return;
    await this.#store(name, Readable.from([bytes]), captionsTypeOf(bytes));
  }

  async #url(part: Part): Promise<void> {
    const text = (await this.#text(part, maxWebhookUrlBytes)).trim();
    if (text === '') return;
    const checked = checkWebhookUrl(text, this.#o.allowCidrs ?? []);
    if (!checked.ok) throw refusalOf('webhookUrl', 'invalid_webhook_url', checked.message);
    this.#fields.webhookUrl = text.replace(/^https/i, 'https');
  }

  async #option(part: Part): Promise<void> {
    const text = (await this.#text(part, maxOptionBytes)).trim();
    if (text === '') return;
    // Told at once, before the files have come.
    readOptions({ [part.name]: text });
    this.#fields[part.name] = text;
  }

  async #bytes({ name, body }: Part, most: number): Promise<Buffer> {
    const tooLong = () =>
      refusalOf(name, 'field_too_long', `The text in the field "${name}" is too long.`);
    const pieces: Buffer[] = [];
    for await (const piece of atMost(
      body,
      Math.min(most, maxTextBytes - this.#textBytes),
      tooLong,
    )) {
      pieces.push(piece);
      this.#textBytes += piece.length;
    }
    return Buffer.concat(pieces);
  }

  async #text(part: Part, most: number): Promise<string> {
    const { name } = part;
    const bytes = await this.#bytes(part, most);
    if (!isUtf8(bytes) || bytes.includes(0))
      throw refusalOf(name, 'not_text', `The field "${name}" must be UTF-8 text without NUL.`);
    return bytes.toString();
  }
}

/** Throws ApiError 400 that names the line at fault. */
function captionsTypeOf(bytes: Buffer): string {
  try {
    parseCaptions(bytes);
    return /^WEBVTT/.test(decodeCaptions(bytes)) ? 'text/vtt' : 'application/x-subrip';
  } catch (error) {
    if (error instanceof CaptionsError)
      throw new ApiError(400, 'invalid_captions', error.message, { extra: { field: 'captions' } });
    throw error;
  }
}

const refusalOf = (field: string, code: string, message: string) =>
  new ApiError(400, code, message, { extra: { field } });

const notText = (name: string, known: boolean) =>
  known
    ? refusalOf(name, 'not_text', `The field "${name}" must be text, not a file.`)
    : refusalOf(
        name,
        'unknown_file',
        `The field "${name}" is not known. Send files as image and audio.`,
      );
