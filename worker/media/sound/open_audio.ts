import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { id3Bytes, nameBehindTag } from '../../../src/media_type.ts';
import { MediaError } from '../errors.ts';
import type { Machine } from '../machine.ts';
import { type AudioIndex, readInBox } from '../mp4/read_in_box.ts';
import { type AudioFile, exportInstead } from './decoders.ts';
import { readWav, writePlainWav } from './wav.ts';

/**
 * How much of a promised length may be missing because a recorder was switched off, rather than an upload
 * broken.
 */
const bearableLoss = 0.1;

export type OpenedAudio = AudioFile & {
  /** Sentences that a caller can act on. */
  warnings: string[];
  /** What its index tells, of MP4 and M4A. */
  index?: AudioIndex;
};

/**
 * Checks what a decoder would overlook: sound that was cut off, and another format under this one's name.
 * Rewrites what readers stumble over. Throws MediaError.
 */
export async function openAudio(
  machine: Pick<Machine, 'box' | 'dir' | 'signal'>,
  audio: AudioFile,
): Promise<OpenedAudio> {
  if (audio.type === 'audio/mp4')
    return { ...audio, warnings: [], index: await readInBox(machine, audio.path) };
  if (audio.type === 'audio/wav') return openWav(machine, audio);
  if (audio.type === 'audio/mpeg') await refuseOthers(audio.path);
  const warnings = audio.type === 'audio/ogg' ? await warningsOfOgg(audio.path) : [];
  return { ...audio, warnings };
}

async function openWav(machine: Pick<Machine, 'dir'>, audio: AudioFile): Promise<OpenedAudio> {
  const wav = await readWav(audio.path);
  if (!wav) return { ...audio, warnings: [] };
  const { bytes, promised } = wav.data;
  const warnings: string[] = [];
  if (wav.cut && bytes < promised) {
    const bytesPerSecond = wav.format.length >= 12 ? wav.format.readUInt32LE(8) : 0;
    const seconds = (some: number) => some / Math.max(1, bytesPerSecond);
    if (bytes < (1 - bearableLoss) * promised) throw incomplete(seconds(bytes), seconds(promised));
    warnings.push(
      `The audio was cut off: its last ${tenths(seconds(promised - bytes))} s are missing.`,
    );
  }
  if (!wav.unpadded || bytes === 0) return { ...audio, warnings };
  const path = join(machine.dir, 'audio-plain.wav');
  await writePlainWav(audio.path, wav, path);
  return { ...audio, path, warnings };
}

/** The sound is incomplete, and the caller has or had more of it. */
export function incomplete(seconds: number, promised: number): MediaError {
  const there = `${tenths(seconds)} of ${tenths(promised)} seconds are there`;
  return new MediaError(`The audio file is incomplete: ${there}. Upload the whole file.`);
}

const tenths = (seconds: number): string => `${Number(seconds.toFixed(1))}`;

/** Programs that add a tag leave existing ones in place; millions of empty ones would take hours to read. */
const mostTags = 100;

/** After a tag with large pictures, which the first bytes of the upload did not reach past. */
async function refuseOthers(path: string): Promise<void> {
  const name = await readAt(path, async (read) => {
    let at = 0;
    let head = await read(at);
    for (let tags = 0; tags < mostTags && id3Bytes(head) > 0; tags++) {
      at += id3Bytes(head);
      head = await read(at);
    }
    return at > 0 ? nameBehindTag(head) : undefined;
  });
  if (!name) return;
  throw new MediaError(`The audio file is ${name} behind an ID3 tag, not MP3. ${exportInstead}`);
}

/**
 * An Ogg stream marks its last page. It states its length nowhere, so the missing part cannot be measured.
 */
async function warningsOfOgg(path: string): Promise<string[]> {
  const tail = await readAt(path, (read, bytes) => read(Math.max(0, bytes - mostPageBytes)));
  const page = tail.lastIndexOf('OggS');
  const isEnd = page >= 0 && ((tail[page + 5] ?? 0) & 4) !== 0;
  return isEnd ? [] : ['The Ogg file has no end mark: it may have been cut off.'];
}

/** An Ogg page: 27 bytes, 255 lengths, 255 segments of 255 bytes. */
const mostPageBytes = 27 + 255 + 255 * 255;

async function readAt<T>(
  path: string,
  use: (read: (at: number) => Promise<Buffer>, bytes: number) => Promise<T>,
): Promise<T> {
  const file = await open(path);
  try {
    const read = async (at: number) => {
      const bytes = Buffer.allocUnsafe(mostPageBytes);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, at);
      return bytes.subarray(0, bytesRead);
    };
    return await use(read, (await file.stat()).size);
  } finally {
    await file.close();
  }
}
