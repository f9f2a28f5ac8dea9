/** Levels of H.264 (ISO/IEC 14496-10, table A-1): the size and bit rate that each allows. */
type Level = {
  /** `level_idc`: ten times the level's number. */
  idc: number;
  /** Macroblocks per second and per picture. */
  perSecond: number;
  perPicture: number;
  /** The least factor by which a picture must be smaller than uncompressed (MinCR). */
  compression: number;
};

/** From the lowest. Omitted levels allow no picture of ours that the next listed level does not. */
const levels: Level[] = [
  { idc: 10, perSecond: 1_485, perPicture: 99, compression: 2 },
  { idc: 11, perSecond: 3_000, perPicture: 396, compression: 2 },
  { idc: 12, perSecond: 6_000, perPicture: 396, compression: 2 },
  { idc: 13, perSecond: 11_880, perPicture: 396, compression: 2 },
  { idc: 21, perSecond: 19_800, perPicture: 792, compression: 2 },
  { idc: 22, perSecond: 20_250, perPicture: 1_620, compression: 2 },
  { idc: 30, perSecond: 40_500, perPicture: 1_620, compression: 2 },
  { idc: 31, perSecond: 108_000, perPicture: 3_600, compression: 4 },
  { idc: 32, perSecond: 216_000, perPicture: 5_120, compression: 4 },
  { idc: 40, perSecond: 245_760, perPicture: 8_192, compression: 4 },
  { idc: 41, perSecond: 245_760, perPicture: 8_192, compression: 2 },
  { idc: 42, perSecond: 522_240, perPicture: 8_704, compression: 2 },
  { idc: 50, perSecond: 589_824, perPicture: 22_080, compression: 2 },
  { idc: 51, perSecond: 983_040, perPicture: 36_864, compression: 2 },
];

/** Bytes of an uncompressed macroblock: 4:2:0 with eight bits. */
const macroblockBytes = 384;

/** Bytes of a picture of this size that some level allows. */
export const mostBytes = (width: number, height: number): number =>
  (Math.ceil(width / 16) * Math.ceil(height / 16) * macroblockBytes) / 2;

export type Demand = {
  width: number;
  height: number;
  framesPerSecond: number;
  /** Bytes of the heaviest picture. */
  heaviest: number;
};

/**
 * The `level_idc` of the lowest level, `least` or above, that allows such pictures; undefined when none does.
 */
export function levelFor(demand: Demand, least = 0): number | undefined {
  const { framesPerSecond, heaviest } = demand;
  const [across, down] = [Math.ceil(demand.width / 16), Math.ceil(demand.height / 16)];
  const pictureBlocks = across * down;
  return levels.find(({ idc, perSecond, perPicture, compression }) => {
    // The first picture is limited by its size, the others by the time between frames.
    const blocks = Math.min(pictureBlocks, perSecond / framesPerSecond);
    return (
      idc >= least &&
      pictureBlocks <= perPicture &&
      Math.max(across, down) ** 2 <= 8 * perPicture &&
      pictureBlocks * framesPerSecond <= perSecond &&
      heaviest <= (blocks * macroblockBytes) / compression
    );
  })?.idc;
}

/** Where the level is stored in an AVCDecoderConfigurationRecord and in its sequence parameters. */
const levelAt = [3, 11];

/**
 * The decoder configuration with the lowest level that is true for these pictures: encoders set it from size
 * and rate, not from the encoded result. Undefined when they are too heavy for any level.
 */
export function withHonestLevel(config: Buffer, demand: Demand): Buffer | undefined {
  const level = levelFor(demand, config[levelAt[0] as number]);
  if (level === undefined) return undefined;
  const honest = Buffer.from(config);
  for (const at of levelAt) honest[at] = level;
  return honest;
}
