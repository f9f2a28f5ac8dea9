import sharp from 'sharp';
import { wav } from './wav.ts';

/** A picture and a sound that render almost at once; `n` makes their size and length distinct. */
export async function tinyInputs(n = 0, mark = ''): Promise<{ image: Blob; audio: Blob }> {
  const { width, height, seconds } = tinyFacts(n);
  const picture = sharp({ create: { width, height, channels: 3, background: '#456789' } });
  return {
    image: new File([new Uint8Array(await picture.png().toBuffer())], 'picture.png'),
    audio: new File([new Uint8Array(sound(seconds, mark))], 'sound.wav'),
  };
}

/** Size and length of the video of `tinyInputs(n)`. */
export const tinyFacts = (n: number) => ({
  width: 32 + 2 * (n % 50),
  height: 32 + 2 * (Math.floor(n / 50) % 50),
  seconds: 0.2 + (n % 7) / 10,
});

const rate = 8_000;

/** Silence, whose first samples are a mark that a fake ffmpeg can recognize. */
function sound(seconds: number, mark: string): Buffer {
  const bytes = wav({ rate }, Math.round(rate * seconds));
  bytes.write(mark, 44);
  return bytes;
}
