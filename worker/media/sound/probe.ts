import type { AudioType } from '../../../src/media_type.ts';
import { MediaError } from '../errors.ts';
import { command, runFfmpeg } from '../ffmpeg/ffmpeg.ts';
import type { Machine } from '../machine.ts';
import { decodingBudget, exportInstead, isDecoded, untrusted } from './decoders.ts';
import { incomplete, type OpenedAudio } from './open_audio.ts';

/** The first audio stream of a file; `seconds` is the sum of its packets, whatever its headers say. */
export type AudioFacts = {
  /** As ffmpeg names it, e.g. `aac`, `pcm_s16le`. */
  codec: string;
  sampleRate: number;
  channels: number;
  /** Whether the file names its channels (left, middle, subwoofer). */
  named: boolean;
  seconds: number;
  /** Set when the audible part ends before the decoded sound does. */
  endsAt?: number;
  /** Sentences that a caller can act on. */
  warnings: string[];
};

/** What the caller is told of them. */
export type ToldFacts = Pick<AudioFacts, 'codec' | 'sampleRate' | 'channels' | 'seconds'>;

export const told = ({ codec, sampleRate, channels, seconds }: AudioFacts): ToldFacts => ({
  ...{ codec, sampleRate, channels, seconds },
});

/**
 * What an encoder may have padded: packets of 2,048 samples at 8 kHz. An edit that leaves out more is
 * ignored.
 */
const mostPaddingSeconds = 0.5;

/** Reads the packets without decoding them. Throws MediaError when there is no sound, or not all of it. */
export async function probeAudio(machine: Machine, audio: OpenedAudio): Promise<AudioFacts> {
  let seconds = 0;
  const { code, stderr } = await runFfmpeg(
    command()
      .input(audio.path)
      // Channels without names stay unnamed.
      .inputOptions([...untrusted(audio.type), '-guess_layout_max', '0'])
      .output('-')
      .outputOptions(['-map', '0:a:0', '-map_metadata', '-1', '-c', 'copy', '-f', 'null']),
    {
      ...machine,
      limitSeconds: 60,
      budget: decodingBudget(60),
      verbosity: 'info',
      onSeconds: (done) => {
        seconds = done;
      },
    },
  );
  const stream = readStream(audio.type, stderr);
  if (code !== 0 || !stream) throw unreadable(audio, stderr);
  const heard = heardSeconds(audio, seconds);
  return { ...stream, ...heard, warnings: [...audio.warnings, ...leftOut(stderr, seconds)] };
}

/** The last such line is the output's, which contains nothing that the file could have made up. */
function readStream(type: AudioType, stderr: string) {
  const [, codec = '', details = '', rate, layout = ''] = [...stderr.matchAll(stream)].at(-1) ?? [];
  if (/\b(drms|enca)\b/.test(details)) {
    throw new MediaError(
      'The audio file is protected against copying (DRM). Upload one without protection.',
    );
  }
  // An ffmpeg without the decoder says nothing, and one with it that it is not on the whitelist.
  const isRefused = codec !== 'none' && !isDecoded(type, codec);
  if (codec && (codec === 'none' || isRefused)) {
    const [tag] = /0x\w+/.exec(details) ?? [];
    const kind = isRefused ? codec : `an unknown codec${tag ? ` (${tag})` : ''}`;
    throw new MediaError(
      `The audio file could not be read: its sound is encoded as ${kind}. ${exportInstead}`,
    );
  }
  if (!rate) return undefined;
  const [, unnamed] = /^(\d+) channels/.exec(layout) ?? [];
  const channels = unnamed ? Number(unnamed) : countOf(layout);
  return { codec, sampleRate: Number(rate), channels, named: unnamed === undefined };
}

const stream = /^ {2}Stream #0:0.*: Audio: (\w+)(.*?), (\d+) Hz, ([^,\n]+)/gm;

/** Counts the channels in ffmpeg's layout names: 5.1 means six. */
function countOf(layout: string): number {
  const [name = ''] = /^[\w.]+/.exec(layout) ?? [];
  const digits = name.match(/\d+/g) ?? [];
  return namedCounts[name] ?? digits.reduce((sum, part) => sum + Number(part), 0);
}

const namedCounts: Record<string, number> = {
  ...{ mono: 1, stereo: 2, downmix: 2, quad: 4, hexagonal: 6, octagonal: 8, cube: 8 },
  hexadecagonal: 16,
};

function unreadable(audio: OpenedAudio, cause: string): MediaError {
  // The index of an MP4 is often its last part.
  const sentence =
    audio.type === 'audio/mp4' && cause.includes('moov atom not found')
      ? 'The audio file is incomplete: its index (moov) is missing. Upload the whole file.'
      : `The audio file could not be read: it is damaged or holds no sound. ${exportInstead}`;
  return new MediaError(sentence, { cause });
}

/** Smaller differences come from encoders, clocks and edits. */
const bearableLoss = (promised: number) => 0.25 + 0.01 * promised;

/**
 * How much is heard of a sound that takes this many seconds to decode, by the index of its file. Throws MediaError
 * when that promises more.
 */
export function heardSeconds({ index }: OpenedAudio, seconds: number) {
  if (!index) return { seconds };
  const promised = index.promisedSeconds ?? 0;
  if (promised - seconds > bearableLoss(promised)) throw incomplete(seconds, promised);
  const heard = index.heardSeconds;
  const padding = seconds - (heard ?? seconds);
  const endsAt = padding > 0 && padding < mostPaddingSeconds ? heard : undefined;
  return { seconds: endsAt ?? seconds, endsAt };
}

/**
 * From what ffmpeg reports about the file. Only the last lines are read, because a file can have a thousand
 * chapters.
 */
export function leftOut(stderr: string, seconds: number): string[] {
  const [input = ''] = stderr.split('\nOutput #0');
  const count = (what: RegExp) => [...input.matchAll(what)].length;
  const tracks = count(/^ {2}Stream #0:\d+.*: Audio:/gm);
  const [, h = 0, m = 0, s = 0] = /^ {2}Duration: (\d+):(\d+):([\d.]+)/m.exec(input) ?? [];
  const promised = Number(h) * 3600 + Number(m) * 60 + Number(s);
  const isMp3 = input.includes('Input #0, mp3');
  return [
    tracks > 1 &&
      `The audio file has ${tracks} tracks: the first is used, the others are left out.`,
    count(/^ {2}Stream #0:\d+.*: Video:.*attached pic/gm) > 0 &&
      'The cover art of the audio file is left out.',
    count(/^ {4}Chapter #/gm) > 0 && 'The chapters of the audio file are left out.',
    isMp3 &&
      promised - seconds > 1 + bearableLoss(promised) &&
      `The MP3 says that it lasts ${Math.round(promised)} s, but holds ${Math.round(seconds)} s: it may have been cut off.`,
  ].filter((one) => one !== false);
}
