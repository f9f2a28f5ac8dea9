import { MediaError } from '../errors.ts';
import { command, runFfmpeg } from '../ffmpeg/ffmpeg.ts';
import type { Machine } from '../machine.ts';
import { type AudioFile, EXPORT_INSTEAD, untrusted } from './decoders.ts';

/** What one decoding of a whole file tells. */
export type Measured = {
  /** The highest sample, 1 being full scale. */
  peak: number;
  /** Samples that are no number, or infinite. */
  notNumbers: number;
  /** EBU R 128 integrated loudness in LUFS, and true peak in dBTP; minus infinity for silence. */
  loudness?: number;
  truePeak?: number;
};

/**
 * Decodes the audio, sends it through the filters and measures what comes out.
 * Throws MediaError when it cannot be decoded.
 */
export async function measureAudio(
  machine: Machine,
  source: AudioFile,
  seconds: number,
  filters: string[],
  options: { loudness: boolean },
): Promise<Measured> {
  const { code, stderr } = await runFfmpeg(
    command()
      .input(source.path)
      .inputOptions(untrusted(source.type))
      .output('-')
      .audioFilters([
        'astats@given=measure_perchannel=none:measure_overall=Number_of_NaNs+Number_of_Infs',
        ...filters,
        'astats@made=measure_perchannel=none:measure_overall=Peak_level',
        ...(options.loudness ? ['ebur128@made=peak=true:framelog=verbose'] : []),
      ])
      .outputOptions(['-map', '0:a:0', '-f', 'null']),
    {
      ...machine,
      limitSeconds: 60 + (seconds || machine.maxAudioSeconds),
      verbosity: 'info',
    },
  );
  if (code !== 0) {
    throw new MediaError(`The audio file could not be decoded. ${EXPORT_INSTEAD}`, {
      cause: stderr,
    });
  }
  // A file whose sound changes on the way has every filter made anew, and told of at each end.
  const numbers = (pattern: RegExp) =>
    [...stderr.matchAll(pattern)].map(([, text]) => Number(text?.replace('inf', 'Infinity')));
  const sum = (all: number[]) => all.reduce((total, one) => total + one, 0);
  const peaks = numbers(/^\[astats@made .*\] Peak level dB: (\S+)$/gm);
  const loudness = numbers(/^ {4}I: +(\S+) LUFS$/gm).at(-1);
  return {
    peak: 10 ** (Math.max(...peaks, -Infinity) / 20),
    notNumbers: sum(numbers(/^\[astats@given .*\] Number of (?:NaNs|Infs): (\S+)$/gm)),
    loudness: loudness !== undefined && loudness <= SILENCE ? -Infinity : loudness,
    truePeak: numbers(/^ {4}Peak: +(\S+) dBFS$/gm).at(-1),
  };
}

/** What EBU R 128's absolute gate leaves of silence, in LUFS. */
const SILENCE = -70;
