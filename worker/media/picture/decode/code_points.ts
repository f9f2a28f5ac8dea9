import type { Primaries, Transfer } from './icc_profile.ts';

const d65 = [0.3127, 0.329] as const;
const C = [0.31, 0.316] as const;

/** The linear light of an sRGB value. */
export const srgbTransfer: Transfer = {
  g: 2.4,
  a: 1 / 1.055,
  b: 0.055 / 1.055,
  c: 1 / 12.92,
  d: 0.04045,
};
/** The display curve for video in BT.709, BT.601 and BT.2020 (BT.1886). */
const television: Transfer = { gamma: 2.4 };

const primaries = (
  white: Primaries['white'],
  red: Primaries['red'],
  green: Primaries['green'],
  blue: Primaries['blue'],
): Primaries => ({ white, red, green, blue });

export const srgbPrimaries = primaries(d65, [0.64, 0.33], [0.3, 0.6], [0.15, 0.06]);
const smpteC = primaries(d65, [0.63, 0.34], [0.31, 0.595], [0.155, 0.07]);

/** ColourPrimaries of H.273, table 2. */
const primariesByCode: Partial<Record<number, Primaries>> = {
  1: srgbPrimaries,
  4: primaries(C, [0.67, 0.33], [0.21, 0.71], [0.14, 0.08]),
  5: primaries(d65, [0.64, 0.33], [0.29, 0.6], [0.15, 0.06]),
  6: smpteC,
  7: smpteC,
  8: primaries(C, [0.681, 0.319], [0.243, 0.692], [0.145, 0.049]),
  9: primaries(d65, [0.708, 0.292], [0.17, 0.797], [0.131, 0.046]),
  11: primaries([0.314, 0.351], [0.68, 0.32], [0.265, 0.69], [0.15, 0.06]),
  12: primaries(d65, [0.68, 0.32], [0.265, 0.69], [0.15, 0.06]),
  22: primaries(d65, [0.63, 0.34], [0.295, 0.605], [0.155, 0.077]),
};

/** TransferCharacteristics of H.273, table 3, except those for high dynamic range. */
const transfers: Partial<Record<number, Transfer>> = {
  1: television,
  4: { gamma: 2.2 },
  5: { gamma: 2.8 },
  6: television,
  7: { g: 1 / 0.45, a: 1 / 1.1115, b: 0.1115 / 1.1115, c: 1 / 4, d: 0.0912 },
  8: { gamma: 1 },
  11: television,
  13: srgbTransfer,
  14: television,
  15: television,
};

/** The meaning of the two numbers; undefined when either is unspecified or for a high dynamic range. */
export function codePoints(
  primariesCode: number,
  transferCode: number,
): { primaries: Primaries; transfer: Transfer } | undefined {
  const [found, transfer] = [primariesByCode[primariesCode], transfers[transferCode]];
  return found && transfer && { primaries: found, transfer };
}
