import { command, errorsIn, runFfmpeg } from '../ffmpeg/ffmpeg.ts';
import type { Machine } from '../machine.ts';
import type { AacAudio } from '../mp4/read.ts';
import { decodingBudget, untrusted } from './decoders.ts';
import { type Heard, heardIn, listen, tellForms } from './listen.ts';
import type { OpenedAudio } from './open_audio.ts';
import { type AudioFacts, leftOut } from './probe.ts';

/** The file's own packets, if they are what the video needs: AAC-LC, stereo, 44.1 or 48 kHz. */
export function copyAudio({ index }: OpenedAudio): AacAudio | undefined {
  const audio = index?.audio;
  if (audio?.channels !== 2 || ![44_100, 48_000].includes(audio.sampleRate)) return undefined;
  return audio;
}

/** Of cover art: ffmpeg looks at all streams of a file, but pictures it may not decode. */
const isOfPicture = (error: string) => /^Codec \(\w+\) not on whitelist/.test(error);

/**
 * Decodes all packets of the file, once, and tells what it holds.
 * Undefined where a decoder complains of any of them, or makes something else of them than the index says: then
 * they are not to be copied.
 */
export async function listenToCopy(
  machine: Machine,
  source: OpenedAudio,
  audio: AacAudio,
  onSeconds: (seconds: number) => void,
): Promise<(AudioFacts & { heard: Heard }) | undefined> {
  const { sampleRate, channels } = audio;
  const seconds = audio.samples / sampleRate;
  const limitSeconds = 60 + seconds;
  const { code, stderr } = await runFfmpeg(
    command()
      .input(source.path)
      .inputOptions(untrusted(source.type))
      .output('-')
      .audioFilters([tellForms, 'aformat=channel_layouts=stereo', listen])
      .outputOptions(['-map', '0:a:0', '-f', 'null']),
    {
      ...machine,
      limitSeconds,
      budget: decodingBudget(limitSeconds),
      verbosity: 'level+info',
      onSeconds,
    },
  );
  const errors = errorsIn(stderr).filter((error) => !isOfPicture(error));
  if (code !== 0 || errors.length > 0) return undefined;
  const heard = heardIn(stderr);
  const isAsTold = (form: Heard['forms'][number]) =>
    form.channels === channels && form.sampleRate === sampleRate;
  if (!heard.forms.every(isAsTold)) return undefined;
  const warnings = [...source.warnings, ...leftOut(stderr.replace(/^\[info\] /gm, ''), seconds)];
  return {
    codec: 'aac',
    sampleRate,
    channels,
    named: true,
    seconds,
    warnings,
    heard,
  };
}
