import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { defaultPatience, type Patience } from '../http/request_body.ts';
import { checkSourceUrl } from '../outbound/source_url.ts';
import { type Cidr, checkWebhookUrl } from '../outbound/webhook_url.ts';
import type { BlobStore } from '../storage/blob_store.ts';
import { atMost } from './byte_stream.ts';
import {
  type FileField,
  fieldNames,
  fileFields,
  isUrlField,
  maxOptionBytes,
  maxTextBytes,
  maxUrlBytes,
  stringOf,
  type UrlField,
} from './fields.ts';
import { FormFiles } from './form_files.ts';
import { defaultMaxFileBytes } from './max_file.ts';
import type { Part } from './multipart/parts.ts';
import { type Asked, readOptions, refuseNearMiss } from './option_fields.ts';
import {
  bothGiven,
  emptyFile,
  missingFile,
  notAFile,
  refusalOf,
  repeatedField,
  unexpectedFile,
} from './refusals.ts';

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

export type SubmissionOptions = {
  store: Pick<BlobStore, 'write' | 'discard'>;
  processId: number;
  limits?: SubmissionLimits;
  /** Which addresses a webhookUrl may name, beside the public ones. */
  webhookRanges?: Cidr[];
  /** The same for the addresses of files; null: none is fetched. */
  fetchRanges?: Cidr[] | null;
};

/** The form as it arrives: reads part after part, stores files, refuses what does not belong. */
export class SubmissionForm {
  #seen = new Set<string>();
  #files: FormFiles;
  #fields: Record<string, unknown> = {};
  #textBytes = 0;
  #o: SubmissionOptions;

  constructor(o: SubmissionOptions) {
    this.#o = o;
    const { fileBytes } = o.limits ?? defaultLimits;
    this.#files = new FormFiles(o.store, o.processId, fileBytes);
  }

  /** Ids of the blobs stored so far. */
  get stored(): string[] {
    return this.#files.stored;
  }

  async take(part: Part): Promise<void> {
    const { name, filename } = part;
    const known = fieldNames.includes(name);
    if (known && this.#seen.has(name)) throw repeatedField(name);
    this.#seen.add(name);
    if (name === 'image' || name === 'audio') await this.#files.take(name, part);
    else if (name === 'captions') await this.#files.takeCaptions(part);
    else if (filename !== null) throw unexpectedFile(name, known);
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
      throw notAFile(name, `JSON holds no files. Give the address as ${name}Url.`);
    if (name === 'webhookUrl' || isUrlField(name)) this.#url(name, stringOf(name, value));
    else if (name === 'captions')
      await this.#files.storeCaptions(Buffer.from(stringOf(name, value)));
    else if (fieldNames.includes(name)) {
      readOptions({ [name]: value });
      this.#fields[name] = typeof value === 'string' ? value.trim() : value;
    } else refuseNearMiss(name, fieldNames);
  }

  complete(): Submission {
    const { blobs, notChosen } = this.#files;
    const sources: Submission['sources'] = {};
    for (const field of fileFields) {
      const url = this.#fields[`${field}Url`] as string | undefined;
      if (url === undefined) continue;
      if (blobs.has(field)) throw bothGiven(field);
      sources[field] = url;
    }
    for (const field of ['image', 'audio'] as const) {
      if (blobs.has(field) || sources[field]) continue;
      throw notChosen.has(field) ? emptyFile(field) : missingFile(field);
    }
    return {
      ...readOptions(this.#fields),
      imageBlobId: blobs.get('image')?.id ?? null,
      audioBlobId: blobs.get('audio')?.id ?? null,
      captionsBlobId: blobs.get('captions')?.id ?? null,
      sources,
      webhookUrl: (this.#fields.webhookUrl as string | undefined) ?? null,
      fingerprint: this.#fingerprint(),
    };
  }

  /** The order of the fields carries no meaning. */
  #fingerprint(): string {
    const all: [string, unknown][] = [
      ...[...this.#files.blobs].map(([name, { sha256 }]): [string, string] => [name, sha256]),
      ...Object.entries(this.#fields),
    ];
    all.sort(([one], [other]) => (one < other ? -1 : 1));
    return createHash('sha256').update(JSON.stringify(all)).digest('hex');
  }

  #url(name: 'webhookUrl' | UrlField, untrimmed: string): void {
    const text = untrimmed.trim();
    if (text === '') return;
    if (name === 'webhookUrl') {
      const checked = checkWebhookUrl(text, this.#o.webhookRanges ?? []);
      if (!checked.ok) throw refusalOf(name, 'invalid_webhook_url', checked.message);
      this.#fields[name] = checked.url.href;
    } else {
      const { fetchRanges = [] } = this.#o;
      if (!fetchRanges)
        throw refusalOf(
          name,
          'fetch_urls_off',
          `${name} is not offered by this service. Send the file itself.`,
        );
      const checked = checkSourceUrl(text, fetchRanges);
      if (!checked.ok) throw refusalOf(name, 'invalid_source_url', `${name} ${checked.message}`);
      // Otherwise as it came: the address may be signed.
      this.#fields[name] = text.replace(/^https?/i, (scheme) => scheme.toLowerCase());
    }
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
    const room = Math.min(most, maxTextBytes - this.#textBytes);
    for await (const piece of atMost(body, room, tooLong)) {
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
