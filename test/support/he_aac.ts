/** HE-AAC by hand: AAC packets of half the sampling rate, each with the data that spectral band replication needs. */
export type HighEfficiency = {
  /** Version 2: one channel, with the position of each band in the stereo field. */
  stereo: boolean;
};

/** Bits as a string of 0 and 1. */
const bits = (value: number, length: number) => value.toString(2).padStart(length, '0');
const whole = (some: string) => some.padEnd(8 * Math.ceil(some.length / 8), '0');

/**
 * Spectral band replication (ISO/IEC 14496-3, 4.6.18) in its shortest form: one envelope of eight bands, all
 * equally loud, with little noise.
 */
function replication({ stereo }: HighEfficiency): string {
  const [start, stop] = [5, 9];
  const header = `10${bits(start, 4)}${bits(stop, 4)}000 00 1 0 10 1 00`;
  const grid = '0 00 00 0 0 0 00';
  const [envelope, noise] = [`${bits(40, 7)}${'00'.repeat(7)}`, bits(20, 5)];
  return `${header} ${grid} ${envelope} ${noise} 0 ${stereo ? `1${parametricStereo()}` : '0'}`.replaceAll(
    ' ',
    '',
  );
}

/** Differences of level alone (8.6.4): each of the first seven of ten bands is a step further to the left. */
function parametricStereo(): string {
  const payload = whole(`10 1 1 000 0 0 0 01 0 ${'100'.repeat(7)}000`.replaceAll(' ', ''));
  return `${bits(payload.length / 8, 4)}${payload}`;
}

/** What to make it of, by ffmpeg: a tone of 1 kHz and one of 4.3 kHz, below which replication begins. */
export const coreOfHeAac = [
  "aevalsrc='0.2*sin(2*PI*1000*t)+0.1*sin(2*PI*4300*t)':s=24000:d=1.5",
  ...['-c:a', 'aac', '-b:a', '48k'],
] as const;

/** HE-AAC at 48 kHz of AAC at 24 kHz, both as ADTS. */
export function heAac(core: Buffer, kind: HighEfficiency): Buffer {
  const frames: Buffer[] = [];
  for (let at = 0; at < core.length; ) {
    const length = (core.readUInt32BE(at + 2) >> 5) & 0x1fff;
    frames.push(withReplication(core.subarray(at, at + length), kind));
    at += length;
  }
  return Buffer.concat(frames);
}

const adtsBytes = 7;

/** A fill element goes in front of the end: three ones, the last of the packet. */
function withReplication(frame: Buffer, kind: HighEfficiency): Buffer {
  const packet = [...frame.subarray(adtsBytes)].map((byte) => bits(byte, 8)).join('');
  const extension = whole(`1101${replication(kind)}`);
  const bytes = extension.length / 8;
  const count = bytes < 15 ? bits(bytes, 4) : `1111${bits(bytes - 14, 8)}`;
  const made = whole(`${packet.slice(0, packet.lastIndexOf('1') - 2)}110${count}${extension}111`);
  const body = Buffer.from((made.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const header = Buffer.from(frame.subarray(0, adtsBytes));
  const others = header.readUInt32BE(2) & ~(0x1fff << 5);
  header.writeUInt32BE((others | ((body.length + adtsBytes) << 5)) >>> 0, 2);
  return Buffer.concat([header, body]);
}
