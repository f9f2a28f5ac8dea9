import sharp from 'sharp';

/** A picture and a sound that render almost at once; `n` makes their size and length distinct. */
export async function tinyInputs(n = 0, mark = ''): Promise<{ image: Blob; audio: Blob }> {
  const { width, height, seconds } = tinyFacts(n);
  const picture = sharp({ create: { width, height, channels: 3, background: '#456789' } });
  return {
    image: new File([new Uint8Array(await picture.png().toBuffer())], 'picture.png'),
    audio: new File([new Uint8Array(wav(seconds, mark))], 'sound.wav'),
  };
}

/** Size and length of the video of `tinyInputs(n)`. */
export const tinyFacts = (n: number) => ({
  width: 32 + 2 * (n % 50),
  height: 32 + 2 * (Math.floor(n / 50) % 50),
  seconds: 0.2 + (n % 7) / 10,
});

const rate = 8_000;

/** A WAV of silence, mono, 16 bits, whose first samples are a mark that a fake ffmpeg can recognize. */
function wav(seconds: number, mark: string): Buffer {
  const bytes = Buffer.alloc(44 + 2 * Math.round(rate * seconds));
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(2 * rate, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(bytes.length - 44, 40);
  bytes.write(mark, 44);
  return bytes;
}
