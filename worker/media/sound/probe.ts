import type { AudioType } from '../../../src/media_type.ts';
import { MediaError } from '../errors.ts';
import { command, runFfmpeg } from '../ffmpeg/ffmpeg.ts';
import type { Machine } from '../machine.ts';
import { readHeardSeconds } from '../mp4/read.ts';

/** The caller's audio: where it lies, and what its bytes were recognised as, for ffmpeg is not to guess. */
export type AudioFile = { path: string; type: AudioType };

/** The first audio stream of a file; `seconds` is what its packets add up to, whatever its headers say. */
export type AudioFacts = {
  sampleRate: number;
  channels: number;
  seconds: number;
  /** Where what is heard ends before what is decoded does. */
  endsAt?: number;
};

/** What an encoder may have padded: packets of 2,048 samples at 8 kHz. An edit that leaves out more is not believed. */
const MOST_PADDING_SECONDS = 0.5;

/** What each container is read with: one demuxer, and decoders of sound only, so that no cover picture is. */
const READERS: Record<AudioType, { demuxer: string; decoders: string }> = {
  'audio/mpeg': { demuxer: 'mp3', decoders: 'mp3float,mp3,mp2float,mp2,mp1float,mp1' },
  'audio/wav': {
    demuxer: 'wav',
    decoders:
      'pcm_u8,pcm_s16le,pcm_s24le,pcm_s32le,pcm_f32le,pcm_f64le,pcm_alaw,pcm_mulaw,adpcm_ms,adpcm_ima_wav,mp3float,mp3',
  },
  'audio/mp4': { demuxer: 'mov', decoders: 'aac,alac,mp3float,mp3,ac3,eac3,flac,opus,libopus' },
  'audio/ogg': { demuxer: 'ogg', decoders: 'vorbis,libvorbis,opus,libopus,flac,speex,libspeex' },
};

/** Opens the caller's file as exactly what its bytes are, and lets it open nothing else. */
export function untrusted(type: AudioType): string[] {
  const { demuxer, decoders } = READERS[type];
  return ['-f', demuxer, '-protocol_whitelist', 'file', '-codec_whitelist', decoders];
}

/** Goes through the packets without decoding them. Throws MediaError when there is no audio in the file. */
export async function probeAudio(machine: Machine, audio: AudioFile): Promise<AudioFacts> {
  let seconds = 0;
  const { code, stderr } = await runFfmpeg(
    command()
      .input(audio.path)
      .inputOptions(untrusted(audio.type))
      .output('-')
      .outputOptions(['-map', '0:a:0', '-map_metadata', '-1', '-c', 'copy', '-f', 'null']),
    {
      ...machine,
      limitSeconds: 60,
      verbosity: 'info',
      onSeconds: (done) => {
        seconds = done;
      },
    },
  );
  // The last such line is the output's, which holds nothing that the file could have made up.
  const [, rate, layout] = [...stderr.matchAll(STREAM)].at(-1) ?? [];
  if (code !== 0 || !layout) {
    throw new MediaError(
      'The audio file could not be read: it is damaged or holds no sound. Export it again and upload the new file.',
      { cause: stderr },
    );
  }
  const channels = layout === 'mono' || layout === '1 channels' ? 1 : 2;
  const heard = audio.type === 'audio/mp4' ? await readHeardSeconds(audio.path) : undefined;
  const padding = seconds - (heard ?? seconds);
  const endsAt = padding > 0 && padding < MOST_PADDING_SECONDS ? heard : undefined;
  return { sampleRate: Number(rate), channels, seconds: endsAt ?? seconds, endsAt };
}

const STREAM = /Stream #0:0.*: Audio: .*?, (\d+) Hz, ([^,\n]+)/g;
