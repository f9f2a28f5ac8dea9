import type { AudioType } from '../../../src/media_type.ts';

/** The caller's audio: its path, and the type recognised from its bytes, because ffmpeg must not guess. */
export type AudioFile = { path: string; type: AudioType };

const mpeg = 'mp3float,mp3,mp2float,mp2,mp1float,mp1';
const pcm = [
  'pcm_u8,pcm_s8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be',
  'pcm_f32le,pcm_f32be,pcm_f64le,pcm_f64be,pcm_alaw,pcm_mulaw',
].join();
const adpcm = 'adpcm_ms,adpcm_ima_wav,adpcm_ima_qt,adpcm_yamaha';
const speech = 'gsm,gsm_ms,libgsm,libgsm_ms';

/**
 * What reads each container: one demuxer, and decoders of sound only, so that no cover picture is decoded.
 * All of them are small, old and fuzzed for years; formats of games and vendors are excluded.
 */
export const readers: Record<AudioType, { demuxer: string; decoders: string }> = {
  'audio/mpeg': { demuxer: 'mp3', decoders: mpeg },
  'audio/wav': {
    demuxer: 'wav',
    decoders: `${pcm},${adpcm},${speech},g726,g726le,adpcm_g722,g722,g723_1,truespeech,${mpeg}`,
  },
  'audio/mp4': {
    demuxer: 'mov',
    decoders: `aac,alac,${mpeg},ac3,eac3,flac,opus,libopus,amrnb,amrwb,${pcm},${adpcm},${speech}`,
  },
  'audio/ogg': { demuxer: 'ogg', decoders: 'vorbis,libvorbis,opus,libopus,flac,speex,libspeex' },
};

/** Opens the caller's file as exactly what its bytes are, and lets it open nothing else. */
export function untrusted(type: AudioType): string[] {
  const { demuxer, decoders } = readers[type];
  return ['-f', demuxer, '-protocol_whitelist', 'file', '-codec_whitelist', decoders];
}

/** Whether sound of this codec, by ffmpeg's name for it, is accepted in such a file. */
export const isDecoded = (type: AudioType, codec: string): boolean =>
  readers[type].decoders.split(',').some((decoder) => codecOf(decoder) === codec);

/** Most decoders have the name of their codec. */
const codecOf = (decoder: string): string =>
  decoder
    .replace(/float$/, '')
    .replace(/^g72(2|6|6le)$/, 'adpcm_$&')
    .replace(/^amr(?=[nw]b$)/, 'amr_');

/** What a caller can export instead of a file that cannot be used. */
export const exportInstead =
  'Export it as MP3, WAV (PCM), M4A (AAC) or Ogg (Vorbis or Opus) and upload the new file.';

/** Decoding and encoding need a hundredth of this; what needs all of it was made to. */
export const decodingBudget = (limitSeconds: number) => ({
  cpuSeconds: limitSeconds / 2,
  sentence: `The audio takes too long to decode. ${exportInstead}`,
});
