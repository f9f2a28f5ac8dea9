import { runChild } from './child.ts';
import { MediaError } from './errors.ts';
import type { AudioType, MakeVideoOptions } from './make_video.ts';

/** What the file's headers say of its first audio stream. `seconds` may be a lie; NaN when unknown. */
export type AudioFacts = { codec: string; sampleRate: number; channels: number; seconds: number };

const DEMUXERS: Record<AudioType, string> = { mp3: 'mp3', wav: 'wav', m4a: 'mov', ogg: 'ogg' };

/** Opens the caller's file as exactly what its bytes are, and lets it open nothing else. */
export function untrusted(type: AudioType): string[] {
  return ['-f', DEMUXERS[type], '-protocol_whitelist', 'file'];
}

/** Reads the headers of the audio file. Throws MediaError when there is no audio in it. */
export async function probeAudio(o: MakeVideoOptions): Promise<AudioFacts> {
  const entries = 'stream=codec_name,sample_rate,channels,duration,nb_read_packets:format=duration';
  // The headers of an MP3 may know nothing of its length, or lie; counting its frames is quick.
  const counting = o.audioType === 'mp3' ? ['-count_packets'] : [];
  const { code, stdout } = await runChild({
    program: o.ffprobePath,
    args: [
      ...['-v', 'error', ...untrusted(o.audioType), ...counting, '-select_streams', 'a:0'],
      ...['-show_entries', entries, '-of', 'json', o.audioPath],
    ],
    signal: o.signal,
    limitMs: 60_000,
  });
  const found = code === 0 ? JSON.parse(stdout.toString()) : {};
  const stream = found.streams?.[0];
  if (!stream || !(Number(stream.sample_rate) > 0) || !(Number(stream.channels) > 0)) {
    throw new MediaError(
      'The audio file could not be read: it is damaged or holds no sound. Export it again and upload the new file.',
    );
  }
  const sampleRate = Number(stream.sample_rate);
  return {
    codec: String(stream.codec_name),
    sampleRate,
    channels: Number(stream.channels),
    seconds:
      o.audioType === 'mp3'
        ? countedSeconds(sampleRate, Number(stream.nb_read_packets))
        : Number(stream.duration ?? found.format?.duration),
  };
}

/** Each frame of an MP3 holds 1,152 samples, or half of that at the low sample rates. */
function countedSeconds(sampleRate: number, frames: number): number {
  return (frames * (sampleRate >= 32_000 ? 1152 : 576)) / sampleRate;
}
