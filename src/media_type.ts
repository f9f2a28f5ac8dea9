import { fileTypeFromBuffer } from 'file-type';

/** How many of a file's first bytes are needed to tell its type. */
export const headBytes = 4100;

export type ImageType = 'image/jpeg' | 'image/png' | 'image/webp';
export type AudioType = 'audio/mpeg' | 'audio/wav' | 'audio/mp4' | 'audio/ogg';

/** The type of the file by its first bytes, whatever its name; null when it is not an accepted picture. */
export async function imageTypeOf(head: Uint8Array): Promise<ImageType | null> {
  const type = await fileTypeFromBuffer(head);
  return (type && images[type.mime]) ?? null;
}

/**
 * The type of the file by its first bytes; null when it is not an accepted audio file. Lenient where only a
 * decoder can tell (an MP4 may or may not be audio only), because the renderer checks again.
 */
export async function audioTypeOf(head: Uint8Array): Promise<AudioType | null> {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  // Ogg contains many codecs, and its streams announce themselves on the first pages.
  if (bytes.toString('latin1', 0, 4) === 'OggS') {
    const codecs = ['OpusHead', '\x01vorbis'].some((codec) => bytes.includes(codec, 0, 'latin1'));
    return codecs && !bytes.includes('\x80theora', 0, 'latin1') ? 'audio/ogg' : null;
  }
  // RF64 is WAV of more than 4 GB, or from a recorder that did not know the size in advance.
  const box = bytes.toString('latin1', 0, 4);
  if (/^(RIFF|RF64)$/.test(box) && bytes.toString('latin1', 8, 12) === 'WAVE') {
    return isReadableWav(bytes) ? 'audio/wav' : null;
  }
  // The big-endian variant, which decoders read as noise.
  if (box === 'RIFX') return null;
  const type = await fileTypeFromBuffer(head);
  if (bytes.toString('latin1', 0, 3) === 'ID3') {
    // file-type takes any text with this prefix for an MP3, and gives up when the tag's padding is long.
    const behind = bytes.subarray(id3Bytes(bytes));
    if (behind.length === bytes.length) return null;
    if (type && type.mime !== 'audio/mpeg') return audio[type.mime] ?? null;
    return nameBehindTag(behind) ? null : 'audio/mpeg';
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
  // Many encoders write the brand of any MP4 even when it contains only audio.
  'video/mp4': 'audio/mp4',
  'video/quicktime': 'audio/mp4',
  'video/x-m4v': 'audio/mp4',
  // The recorders of many phones write this.
  'video/3gpp': 'audio/mp4',
  'video/3gpp2': 'audio/mp4',
};

/** Bytes of the ID3v2 tag at the start; 0 when there is none. */
export function id3Bytes(bytes: Buffer): number {
  const size = bytes.subarray(6, 10);
  const isTag = bytes.toString('latin1', 0, 3) === 'ID3' && [2, 3, 4].includes(bytes[3] ?? 0);
  if (!isTag || size.length < 4 || size.some((byte) => byte >= 128)) return 0;
  return 10 + size.reduce((sum, byte) => sum * 128 + byte, 0);
}

/**
 * Formats that some programs put after an ID3 tag although they are not MP3; undefined when it may be one.
 */
export function nameBehindTag(bytes: Buffer): string | undefined {
  const isAdts = bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xf6) === 0xf0;
  if (isAdts) return 'AAC (ADTS)';
  const names: Record<string, string> = { fLaC: 'FLAC', OggS: 'Ogg', RIFF: 'WAV', 'MAC ': 'APE' };
  if (bytes.toString('latin1', 4, 8) === 'ftyp') return 'MP4';
  return names[bytes.toString('latin1', 0, 4)];
}

/**
 * The WAV formats that the renderer reads: PCM (integers, floats, A-law, mu-law), ADPCM (Microsoft, IMA,
 * Yamaha, G.726, G.722), GSM, TrueSpeech, G.723.1, MPEG, and formats declared later than in the first bytes.
 */
const wavFormats = new Set([
  ...[0x1, 0x2, 0x3, 0x6, 0x7, 0x11, 0x14, 0x20, 0x22, 0x31, 0x42, 0x45, 0x50, 0x55, 0x64],
  ...[0x65, 0x28f, 0xfffe],
]);

function isReadableWav(bytes: Buffer): boolean {
  const at = bytes.indexOf('fmt ', 12, 'latin1') + 8;
  if (at < 8 || at + 2 > bytes.length) return true;
  return wavFormats.has(bytes.readUInt16LE(at));
}

/** An MP3 cut out of a stream starts in the middle of a frame. Two frames in a row are no accident. */
function hasMp3Frames(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(0xff); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const length = mp3FrameBytes(bytes, at);
    if (length > 0 && mp3FrameBytes(bytes, at + length) > 0) return true;
  }
  return false;
}

/** Length of the MPEG Layer III frame whose header is at this position; 0 when there is none. */
export function mp3FrameBytes(bytes: Buffer, at: number): number {
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
