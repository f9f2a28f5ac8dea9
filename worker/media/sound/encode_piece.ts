import { join } from 'node:path';
import { packetSamples } from '../codec/aac.ts';
import { MediaError, machineError } from '../errors.ts';
import { command, errorsIn, runFfmpeg } from '../ffmpeg/ffmpeg.ts';
import type { Machine } from '../machine.ts';
import { type AacAudio, readAacAudio } from '../mp4/read.ts';
import { type AudioFile, decodingBudget, exportInstead, untrusted } from './decoders.ts';
import { type Heard, heardIn } from './listen.ts';
import type { Piece } from './piece.ts';
import type { AudioFacts } from './probe.ts';

/** Errors that the caller cannot have caused, in ffmpeg's own words. */
const machineFault =
  /No space left|quota exceeded|Cannot allocate|Unknown encoder|No such filter|Option not/i;

const damage = /Error while decoding|Error submitting packet|Invalid data found/i;

/** Encoding as much takes less than starting ffmpeg. */
const shortSeconds = 5;

/** How the decoded sound becomes the video's: the same for every piece. */
export type Encoding = {
  /**
   * ffmpeg's, in their order: those with a memory, which get all sound from its start, and those that get only
   * the piece. Among them are `tellForms` and `listen`. What the first give is stereo of this rate.
   */
  filters: { whole: string[]; piece: string[] };
  sampleRate: number;
  bitRate: number;
};

export type Encoded = {
  audio: AacAudio;
  heard: Heard;
  /** What the decoder could not read. */
  faults: number;
};

/**
 * Decodes the audio from its start and encodes one piece of it as stereo AAC-LC. `onSeconds` receives how
 * much of the piece is done. Undefined when the audio ends before the piece starts.
 */
export async function encodePiece(
  machine: Machine,
  source: AudioFile,
  facts: AudioFacts,
  encoding: Encoding,
  piece: Piece,
  onSeconds: (seconds: number) => void,
): Promise<Encoded | undefined> {
  // Named by both ends: with a run-up, several pieces can begin at the start.
  const path = join(machine.dir, `audio-${piece.from}-${piece.to}.m4a`);
  const isShort = facts.seconds > 0 && facts.seconds <= shortSeconds;
  const shared = isShort ? machine.sharedRun : undefined;
  const limitSeconds = 60 + (facts.seconds || machine.maxAudioSeconds);
  const { code, stderr } = await (shared?.sound ?? runFfmpeg)(
    command()
      .input(source.path)
      .inputOptions(untrusted(source.type))
      .output(path)
      .audioFilters([
        ...encoding.filters.whole,
        `atrim=start_sample=${piece.from * packetSamples}:end_sample=${piece.to * packetSamples}`,
        ...encoding.filters.piece,
      ])
      .outputOptions(['-map', '0:a:0', '-map_metadata', '-1', '-map_chapters', '-1', '-f', 'ipod'])
      // The default coder. `-aac_coder fast` overloads on loud tones: they come out 3 dB quieter and rough.
      .outputOptions(['-c:a', 'aac', '-profile:a', 'aac_low'])
      // Packets are counted, not timed, because a gap in the source's clock is not a gap in its sound. The
      // first is run-up.
      .outputOptions(['-bsf:a', `setts=ts=(N-1)*${packetSamples}`])
      .outputOptions(['-b:a', `${encoding.bitRate}`]),
    {
      ...machine,
      limitSeconds,
      budget: decodingBudget(limitSeconds),
      verbosity: 'level+info',
      onSeconds,
    },
  );
  const errors = errorsIn(stderr);
  if (errors.some((error) => machineFault.test(error))) throw machineError(errors.join('; '));
  if (code !== 0) {
    throw new MediaError(
      `The audio file could not be decoded: its sound (${facts.codec}) is damaged or of an unknown kind. ${exportInstead}`,
      { cause: stderr },
    );
  }
  const audio = await readAacAudio(path);
  const faults = errors.filter((error) => damage.test(error)).length;
  return audio && { audio, heard: heardIn(stderr), faults };
}
