import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { CaptionsError } from '../captions/cue.ts';
import { captionsTypeOf } from '../captions/media_type.ts';
import { ApiError } from '../errors.ts';
import { defaultPatience, type Patience } from '../http/request_body.ts';
import { audioTypeOf, headBytes, imageTypeOf } from '../media_type.ts';
import { checkSourceUrl } from '../outbound/source_url.ts';
import { type Cidr, checkWebhookUrl } from '../outbound/webhook_url.ts';
import type { BlobStore, WrittenBlob } from '../storage/blob_store.ts';
import { optionNames } from '../video_options.ts';
import { atMost, firstBytes, joined } from './byte_stream.ts';
import { defaultMaxFileBytes, mebibytes } from './max_file.ts';
import type { Part } from './multipart/parts.ts';
import { type Asked, readOptions, refuseNearMiss } from './option_fields.ts';

export type Submission = Asked & {
  /** Null when `sources` has its address. */
  imageBlobId: string | null;
  audioBlobId: string | null;
  captionsBlobId: string | null;
  /** Addresses from which a worker fetches the files. */
  sources: Partial<Record<FileField, string>>;
  webhookUrl: string | null;
  /** SHA-256 of everything known about it, hexadecimal: a repetition by Idempotency-Key must match it. */
  fingerprint: string;
};

export type SubmissionLimits = { fileBytes: number; patience: Patience };

export const defaultLimits: SubmissionLimits = {
  fileBytes: defaultMaxFileBytes,
  patience: defaultPatience,
};

const fileFields = ['image', 'audio', 'captions'] as const;
type FileField = (typeof fileFields)[number];
type UrlField = `${FileField}Url`;
const isUrlField = (name: string): name is UrlField =>
  fileFields.some((field) => name === `${field}Url`);

export const fieldNames = [
  'image',
  'audio',
  'captions',
  ...fileFields.map((field) => `${field}Url`),
  'webhookUrl',
  'metadata',
  ...optionNames,
];

// Limit for all text fields and all headers of parts together.
export const maxTextBytes = 1024 * 1024;
// 2,048 characters of up to four bytes.
const maxUrlBytes = 8192;
// 2,000 characters of description, and spaces around them.
const maxOptionBytes = 16 * 1024;
export const maxCaptionsBytes = 1024 * 1024;

export type SubmissionOptions = {
  store: Pick<BlobStore, 'write' | 'discard'>;
  processId: number;
  limits?: SubmissionLimits;
  /** Private ranges that a webhookUrl may still name. */
  allowCidrs?: Cidr[];
  /** The same for the addresses of files; null: none is fetched. */
  fetchAllowCidrs?: Cidr[] | null;
};

/** The form as it arrives: reads part after part, stores files, refuses what does not belong. */
export class SubmissionForm {
  /** Ids of the blobs stored so far. */
  readonly stored: string[] = [];
  #seen = new Set<string>();
  #files = new Map<string, WrittenBlob>();
  #fields: Record<string, unknown> = {};
  /** A part without a name and without bytes, which HTML forms send when no file was chosen. */
  #notChosen = new Set<string>();
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
    else if (name === 'webhookUrl' || isUrlField(name))
      this.#url(name, await this.#text(part, maxUrlBytes));
    else if (known) await this.#option(part);
    else {
      refuseNearMiss(name, fieldNames);
      await this.#bytes(part, maxTextBytes);
    }
  }

  /** A property of a JSON body. */
  async takeValue(name: string, value: unknown): Promise<void> {
    if (value === null || (typeof value === 'string' && value.trim() === '')) return;
    if (name === 'image' || name === 'audio')
      throw refusalOf(name, 'not_a_file', `JSON holds no files. Give the address as ${name}Url.`);
    if (name === 'webhookUrl' || isUrlField(name)) this.#url(name, stringOf(name, value));
    else if (name === 'captions') await this.#storeCaptions(Buffer.from(stringOf(name, value)));
    else if (fieldNames.includes(name)) {
      readOptions({ [name]: value });
      this.#fields[name] = typeof value === 'string' ? value.trim() : value;
    } else refuseNearMiss(name, fieldNames);
  }

  complete(): Submission {
    const sources: Submission['sources'] = {};
    for (const field of fileFields) {
      const url = this.#fields[`${field}Url`] as string | undefined;
      if (url === undefined) continue;
      if (this.#files.has(field)) throw bothGiven(field);
      sources[field] = url;
    }
    for (const field of ['image', 'audio'] as const) {
      if (this.#files.has(field) || sources[field]) continue;
      if (this.#notChosen.has(field)) throw emptyFile(field);
      const message = `The field "${field}" is missing. Send it as a file, or its address as ${field}Url.`;
      throw refusalOf(field, 'missing_field', message);
    }
    const blobOf = (field: FileField) => this.#files.get(field)?.id ?? null;
    return {
      ...readOptions(this.#fields),
      imageBlobId: blobOf('image'),
      audioBlobId: blobOf('audio'),
      captionsBlobId: blobOf('captions'),
      sources,
      webhookUrl: (this.#fields.webhookUrl as string | undefined) ?? null,
      fingerprint: this.#fingerprint(),
    };
  }

  /** The order of the fields carries no meaning. */
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
    if (head.length === 0 && part.filename === '') {
      this.#notChosen.add(name);
      return;
    }
    if (head.length === 0 && !looksLikeText) throw emptyFile(name);
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

  async #captions({ body }: Part): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of atMost(body, maxCaptionsBytes, captionsTooLarge)) pieces.push(piece);
    const bytes = Buffer.concat(pieces);
    // A form sends an empty part when no file was chosen.
    if (bytes.length > 0) await this.#storeCaptions(bytes);
  }

  async #storeCaptions(bytes: Buffer): Promise<void> {
    if (bytes.length > maxCaptionsBytes) throw captionsTooLarge();
    await this.#store('captions', Readable.from([bytes]), checkedType(bytes));
  }

  #url(name: 'webhookUrl' | UrlField, untrimmed: string): void {
    const text = untrimmed.trim();
    if (text === '') return;
    if (name === 'webhookUrl') {
      const checked = checkWebhookUrl(text, this.#o.allowCidrs ?? []);
      if (!checked.ok) throw refusalOf(name, 'invalid_webhook_url', checked.message);
    } else {
      const { fetchAllowCidrs = [] } = this.#o;
      if (!fetchAllowCidrs)
        throw refusalOf(
          name,
          'fetch_urls_off',
          `${name} is not offered by this service. Send the file itself.`,
        );
      const checked = checkSourceUrl(text, fetchAllowCidrs);
      if (!checked.ok) throw refusalOf(name, 'invalid_source_url', `${name} ${checked.message}`);
    }
    this.#fields[name] = text.replace(/^https?/i, (scheme) => scheme.toLowerCase());
  }

  async #option(part: Part): Promise<void> {
    const text = (await this.#text(part, maxOptionBytes)).trim();
    if (text === '') return;
    // Reported at once, before the files have arrived.
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
function checkedType(captions: Buffer): string {
  try {
    return captionsTypeOf(captions);
  } catch (error) {
    if (error instanceof CaptionsError)
      throw new ApiError(400, 'invalid_captions', error.message, { extra: { field: 'captions' } });
    throw error;
  }
}

const refusalOf = (field: string, code: string, message: string) =>
  new ApiError(400, code, message, { extra: { field } });

const emptyFile = (field: string) =>
  refusalOf(field, 'empty_file', `The file in the field "${field}" is empty.`);

const captionsTooLarge = () =>
  new ApiError(413, 'file_too_large', 'The file in the field "captions" is larger than 1 MB.', {
    extra: { field: 'captions' },
  });

const bothGiven = (field: string) =>
  refusalOf(
    `${field}Url`,
    'both_file_and_url',
    `Both ${field} and ${field}Url are given. Send the file or its address, not both.`,
  );

function stringOf(name: string, value: unknown): string {
  if (typeof value !== 'string' || value.includes('\0') || !value.isWellFormed())
    throw refusalOf(name, 'not_text', `${name} must be a string without NUL.`);
  return value;
}

const notText = (name: string, known: boolean) =>
  known
    ? refusalOf(name, 'not_text', `The field "${name}" must be text, not a file.`)
    : refusalOf(
        name,
        'unknown_file',
        `The field "${name}" is not known. Send files as image and audio.`,
      );
