import type { AudioType } from '../../../src/media_type.ts';

/** The caller's audio: its path, and the type recognised from its bytes, because ffmpeg must not guess. */
export type AudioFile = { path: string; type: AudioType };

const MPEG = 'mp3float,mp3,mp2float,mp2,mp1float,mp1';
const PCM = [
  'pcm_u8,pcm_s8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be',
  'pcm_f32le,pcm_f32be,pcm_f64le,pcm_f64be,pcm_alaw,pcm_mulaw',
].join();
const ADPCM = 'adpcm_ms,adpcm_ima_wav,adpcm_ima_qt,adpcm_yamaha';
const SPEECH = 'gsm,gsm_ms,libgsm,libgsm_ms';

/**
 * What reads each container: one demuxer, and decoders of sound only, so that no cover picture is decoded.
 * All of them are small, old and fuzzed for years; formats of games and vendors are excluded.
 */
const READERS: Record<AudioType, { demuxer: string; decoders: string }> = {
  'audio/mpeg': { demuxer: 'mp3', decoders: MPEG },
  'audio/wav': {
    demuxer: 'wav',
    decoders: `${PCM},${ADPCM},${SPEECH},g726,g726le,adpcm_g722,g722,g723_1,truespeech,${MPEG}`,
  },
  'audio/mp4': {
    demuxer: 'mov',
    decoders: `aac,alac,${MPEG},ac3,eac3,flac,opus,libopus,amrnb,amrwb,${PCM},${ADPCM},${SPEECH}`,
  },
  'audio/ogg': { demuxer: 'ogg', decoders: 'vorbis,libvorbis,opus,libopus,flac,speex,libspeex' },
};

/** Opens the caller's file as exactly what its bytes are, and lets it open nothing else. */
export function untrusted(type: AudioType): string[] {
  const { demuxer, decoders } = READERS[type];
  return ['-f', demuxer, '-protocol_whitelist', 'file', '-codec_whitelist', decoders];
}

/** What a caller can export instead of a file that cannot be used. */
export const EXPORT_INSTEAD =
  'Export it as MP3, WAV (PCM), M4A (AAC) or Ogg (Vorbis or Opus) and upload the new file.';
