import { fileTypeFromBuffer } from 'file-type';

/** So many first bytes of a file tell its type. */
export const headBytes = 4100;

export type ImageType = 'image/jpeg' | 'image/png' | 'image/webp';
export type AudioType = 'audio/mpeg' | 'audio/wav' | 'audio/mp4' | 'audio/ogg';

/** What the file is by its first bytes, whatever name it bears; null when not an accepted picture. */
export async function imageTypeOf(head: Uint8Array): Promise<ImageType | null> {
  const type = await fileTypeFromBuffer(head);
  return (type && images[type.mime]) ?? null;
}

/**
 * What the file is by its first bytes; null when not an accepted audio file. Liberal where only a
 * decoder can tell (an MP4 may or may not be audio alone): the renderer looks again.
 */
export async function audioTypeOf(head: Uint8Array): Promise<AudioType | null> {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  // Ogg is a box for many codecs, and its streams announce themselves on the first pages.
  if (bytes.toString('latin1', 0, 4) === 'OggS') {
    const codecs = ['OpusHead', '\x01vorbis'].some((codec) => bytes.includes(codec, 0, 'latin1'));
    return codecs && !bytes.includes('\x80theora', 0, 'latin1') ? 'audio/ogg' : null;
  }
  // WAV of more than 4 GB, or of a recorder that could not know.
  if (bytes.toString('latin1', 0, 4) === 'RF64' && bytes.toString('latin1', 8, 12) === 'WAVE')
    return 'audio/wav';
  const type = await fileTypeFromBuffer(head);
  if (bytes.toString('latin1', 0, 3) === 'ID3') {
    // file-type takes any text that begins so for an MP3, and gives up where the tag's padding is long.
    const isTag =
      [2, 3, 4].includes(bytes[3] ?? 0) && bytes.subarray(6, 10).every((byte) => byte < 128);
    return isTag ? (audio[type?.mime ?? 'audio/mpeg'] ?? null) : null;
  }
  if (type) return audio[type.mime] ?? null;
  return hasMp3Frames(bytes) ? 'audio/mpeg' : null;
}

const images: Partial<Record<string, ImageType>> = {
  'image/jpeg': 'image/jpeg',
  'image/png': 'image/png',
  'image/apng': 'image/png',
  'image/webp': 'image/webp',
};

const audio: Partial<Record<string, AudioType>> = {
  'audio/mpeg': 'audio/mpeg',
  'audio/wav': 'audio/wav',
  'audio/x-m4a': 'audio/mp4',
  'audio/mp4': 'audio/mp4',
  // Many encoders name the brand of any MP4, also when only audio is inside.
  'video/mp4': 'audio/mp4',
  'video/quicktime': 'audio/mp4',
  'video/x-m4v': 'audio/mp4',
  // What the recorders of many phones write.
  'video/3gpp': 'audio/mp4',
  'video/3gpp2': 'audio/mp4',
};

/** MP3s cut out of a stream begin in the middle: two frames in a row are no accident. */
function hasMp3Frames(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(0xff); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const length = mp3FrameBytes(bytes, at);
    if (length > 0 && mp3FrameBytes(bytes, at + length) > 0) return true;
  }
  return false;
}

/** Length of the MPEG Layer III frame whose header stands at this place; 0 when none does. */
function mp3FrameBytes(bytes: Buffer, at: number): number {
  if (at + 4 > bytes.length) return 0;
  const header = bytes.readUInt32BE(at);
  const version = (header >>> 19) & 3;
  const bitrate = bitrates[version === 3 ? 'mpeg1' : 'mpeg2'][(header >>> 12) & 15];
  const sampleRate = sampleRates[(header >>> 10) & 3];
  const layer3 = ((header >>> 17) & 3) === 1;
  if (header >>> 21 !== 0x7ff || version === 1 || !layer3 || !bitrate || !sampleRate) return 0;
  const samplesPerByte = version === 3 ? 144 : 72;
  const rate = sampleRate / ({ 3: 1, 2: 2, 0: 4 }[version] ?? 1);
  return Math.floor((samplesPerByte * bitrate * 1000) / rate) + ((header >>> 9) & 1);
}
const bitrates = {
  mpeg1: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  mpeg2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
const sampleRates = [44100, 48000, 32000];
