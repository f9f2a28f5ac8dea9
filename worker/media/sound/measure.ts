import { MediaError } from '../errors.ts';
import { command, runFfmpeg } from '../ffmpeg/ffmpeg.ts';
import type { Machine } from '../machine.ts';
import { decodingBudget, exportInstead } from './decoders.ts';
import { numbersIn } from './listen.ts';

/** What one decoding of a whole file shows. */
export type Measured = {
  /** The highest sample; 1 is full scale. */
  peak: number;
  /** Samples that are NaN or infinite. */
  notNumbers: number;
  /** EBU R 128 integrated loudness in LUFS, and true peak in dBTP; minus infinity for silence. */
  loudness: number;
  truePeak: number;
};

/**
 * Decodes the audio, applies the filters and measures the result, except for what `skip` names. Throws
 * MediaError when it cannot be decoded.
 */
export async function measureAudio(
  machine: Machine,
  input: { path: string; options: string[]; seconds: number },
  filters: string[],
  skip: { loudness?: boolean } = {},
): Promise<Measured> {
  const limitSeconds = 60 + (input.seconds || machine.maxAudioSeconds);
  const { code, stderr } = await runFfmpeg(
    command()
      .input(input.path)
      .inputOptions(input.options)
      .output('-')
      .audioFilters([
        'astats@given=measure_perchannel=none:measure_overall=Number_of_NaNs+Number_of_Infs',
        ...filters,
        'astats@made=measure_perchannel=none:measure_overall=Peak_level',
        ...(skip.loudness ? [] : ['ebur128@made=peak=true:framelog=verbose']),
      ])
      .outputOptions(['-map', '0:a:0', '-f', 'null']),
    {
      ...machine,
      limitSeconds,
      budget: decodingBudget(limitSeconds),
      verbosity: 'level+info',
    },
  );
  if (code !== 0) {
    throw new MediaError(`The audio file could not be decoded. ${exportInstead}`, {
      cause: stderr,
    });
  }
  const given = ['Number of NaNs', 'Number of Infs'];
  const peaks = numbersIn(stderr, 'astats@made', 'Peak level dB');
  const last = (pattern: RegExp) =>
    Number([...stderr.matchAll(pattern)].at(-1)?.[1]?.replace('inf', 'Infinity') ?? Number.NaN);
  const loudness = last(/^ {4}I: +(\S+) LUFS$/gm);
  return {
    peak: 10 ** (Math.max(...peaks) / 20),
    notNumbers: given
      .flatMap((name) => numbersIn(stderr, 'astats@given', name))
      .reduce((sum, one) => sum + one, 0),
    loudness: loudness <= gate ? -Infinity : loudness,
    truePeak: last(/^ {4}Peak: +(\S+) dBFS$/gm),
  };
}

/**
 * EBU R 128's absolute gate in LUFS: anything below does not count, and if everything is below, ffmpeg
 * reports exactly this.
 */
const gate = -70;
