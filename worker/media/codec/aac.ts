/** Facts of AAC (ISO/IEC 14496-3) that cutting and copying need. */

/** Samples per channel in a packet of AAC-LC. */
export const packetSamples = 1024;

const sampleRates = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000];

/** Parses an AudioSpecificConfig of plain AAC-LC; undefined for anything else, such as HE-AAC. */
export function readLowComplexity(config: Buffer) {
  if (config.length < 2) return undefined;
  const bits = config.readUInt16BE(0);
  const objectType = bits >> 11;
  const sampleRate = sampleRates[(bits >> 7) & 15];
  const channels = (bits >> 3) & 15;
  const plainFrames = (bits & 0b111) === 0;
  const bandReplication =
    config.length >= 4 && config.readUInt16BE(2) >> 5 === 0x2b7 && config[4] !== 0;
  if (objectType !== 2 || !sampleRate || !plainFrames || bandReplication) return undefined;
  return { sampleRate, channels };
}

/**
 * The window (sequence and shape) of a packet that starts with a channel pair in a common window, as one
 * number; undefined for any other packet. Neighbouring packets overlap by half. The second half of one is
 * cancelled by the first half of the next, provided that both use the same windows.
 */
export function windowOf(packet: Uint8Array): number | undefined {
  const bits = ((packet[0] ?? 0) << 8) | (packet[1] ?? 0);
  const isPair = bits >> 13 === 1;
  const commonWindow = (bits >> 8) & 1;
  return isPair && commonWindow ? (bits >> 4) & 0b111 : undefined;
}
