import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PacketReader } from '../mp4/packet_reader.ts';
import type { AacAudio } from '../mp4/read.ts';

const headerBytes = 7;
const packetsAtOnce = 64;

/** Writes packets from any files as one file that a decoder reads from start to end. */
export async function writeAdts(audio: AacAudio, path: string, signal: AbortSignal): Promise<void> {
  await pipeline(Readable.from(framed(audio)), createWriteStream(path), { signal });
}

async function* framed(audio: AacAudio): AsyncGenerator<Buffer> {
  const reader = new PacketReader(audio);
  try {
    for (let from = 0; from < audio.sizes.length; from += packetsAtOnce) {
      const frames: Buffer[] = [];
      for (let i = from; i < Math.min(from + packetsAtOnce, audio.sizes.length); i++) {
        frames.push(header(audio.config, audio.sizes[i] as number));
        for await (const packet of reader.read(i, i + 1)) frames.push(Buffer.from(packet));
      }
      yield Buffer.concat(frames);
    }
  } finally {
    await reader.close();
  }
}

/** ISO/IEC 13818-7, 6.2: MPEG-4, no checksum, one packet per frame. The rest repeats the config. */
function header(config: Buffer, packetBytes: number): Buffer {
  const bits = config.readUInt16BE(0);
  const [profile, rate, channels] = [(bits >> 11) - 1, (bits >> 7) & 15, (bits >> 3) & 15];
  const length = packetBytes + headerBytes;
  return Buffer.from([
    0xff,
    0xf1,
    (profile << 6) | (rate << 2) | (channels >> 2),
    ((channels & 3) << 6) | (length >> 11),
    (length >> 3) & 255,
    ((length & 7) << 5) | 0x1f,
    0xfc,
  ]);
}
