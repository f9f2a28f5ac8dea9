import { Readable } from 'node:stream';
import { CaptionsError } from '../captions/cue.ts';
import { captionsTypeOf } from '../captions/media_type.ts';
import { ApiError } from '../errors.ts';
import { audioTypeOf, headBytes, imageTypeOf } from '../media_type.ts';
import type { BlobStore, WrittenBlob } from '../storage/blob_store.ts';
import { atMost, firstBytes, joined } from './byte_stream.ts';
import { type FileField, maxCaptionsBytes } from './fields.ts';
import type { Part } from './multipart/parts.ts';
import { emptyFile, fileTooLarge, notAFile, unsupportedType } from './refusals.ts';

const media = {
  image: { typeOf: imageTypeOf, accepted: 'a JPEG, PNG or WebP picture' },
  audio: { typeOf: audioTypeOf, accepted: 'an MP3, WAV, M4A or Ogg (Vorbis or Opus) file' },
} as const;

/** The files of a submission: recognizes each by its bytes, and stores it as it arrives. */
export class FormFiles {
  /** Ids of the blobs stored so far. */
  readonly stored: string[] = [];
  readonly blobs = new Map<FileField, WrittenBlob>();
  /** Fields with a part without a name and without bytes, which HTML forms send when no file was chosen. */
  readonly notChosen = new Set<string>();
  #store: Pick<BlobStore, 'write'>;
  #processId: number;
  #mostBytes: number;

  constructor(store: Pick<BlobStore, 'write'>, processId: number, mostBytes: number) {
    this.#store = store;
    this.#processId = processId;
    this.#mostBytes = mostBytes;
  }

  /** Throws ApiError 400, 413 or 415. */
  async take(field: 'image' | 'audio', part: Part): Promise<void> {
    const { typeOf, accepted } = media[field];
    const looksLikeText = part.filename === null && part.contentType === null;
    const tooLarge = () => fileTooLarge(field, this.#mostBytes);
    const bytes = atMost(part.body, this.#mostBytes, tooLarge);
    const head = await firstBytes(bytes, headBytes);
    if (head.length === 0 && part.filename === '') {
      this.notChosen.add(field);
      return;
    }
    if (looksLikeText && head.length < headBytes && isBlank(head)) return;
    if (head.length === 0) throw emptyFile(field);
    const type = await typeOf(head.subarray(0, headBytes));
    if (!type && looksLikeText)
      throw notAFile(field, `The field "${field}" must be a file: ${accepted}.`);
    if (!type) throw unsupportedType(field, accepted);
    await this.#write(field, joined(head, bytes), type);
  }

  async takeCaptions({ filename, body }: Part): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of atMost(body, maxCaptionsBytes, captionsTooLarge)) pieces.push(piece);
    const bytes = Buffer.concat(pieces);
    // A form sends an empty part when no file was chosen.
    if (!filename && isBlank(bytes)) return;
    if (bytes.length === 0) throw emptyFile('captions');
    await this.storeCaptions(bytes);
  }

  async storeCaptions(bytes: Buffer): Promise<void> {
    if (bytes.length > maxCaptionsBytes) throw captionsTooLarge();
    await this.#write('captions', Readable.from([bytes]), checkedType(bytes));
  }

  async #write(field: FileField, bytes: AsyncIterable<Buffer>, contentType: string) {
    const blob = await this.#store.write(bytes, { processId: this.#processId, contentType });
    this.stored.push(blob.id);
    this.blobs.set(field, blob);
  }
}

const isBlank = (text: Buffer) => text.toString().trim() === '';

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

const captionsTooLarge = () => fileTooLarge('captions', maxCaptionsBytes);
