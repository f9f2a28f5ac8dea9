import { packetSamples } from '../codec/aac.ts';
import type { AacAudio } from './read.ts';

/** If sound starts earlier or later than its picture by more than this, it must be encoded again. */
const mostSecondsOff = 0.005;

/**
 * The sound without the packets of the encoder's run-up, for files without an edit list. A partial packet is
 * kept or dropped, whichever is closer. Undefined when that error would be audible.
 */
export function withoutPriming(sound: AacAudio): AacAudio | undefined {
  const dropped = Math.round(sound.priming / packetSamples);
  const left = sound.priming - dropped * packetSamples;
  if (Math.abs(left) > mostSecondsOff * sound.sampleRate) return undefined;
  return {
    ...sound,
    files: sound.files.map(({ path, from }) => ({ path, from: Math.max(0, from - dropped) })),
    sizes: sound.sizes.subarray(dropped),
    offsets: sound.offsets.subarray(dropped),
    priming: 0,
    samples: sound.samples + left,
  };
}
