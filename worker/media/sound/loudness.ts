import type { Measured } from './measure.ts';

/** Integrated loudness in LUFS, and the true peak in dBTP, by EBU R 128. */
export type Loudness = Pick<Measured, 'loudness' | 'truePeak'>;

/** How sound is brought to a loudness. */
export type Level = {
  /** Integrated, in LUFS. */
  target: number;
  gainDb: number;
  /** Set when the peaks rule out a plain gain: no sample exceeds this, in dBFS. */
  limitDb?: number;
  /** Set when the limiter takes back whatever more gain adds. */
  isLoudest?: boolean;
};

/** The true peak that every target promises: players overshoot above it. */
const mostTruePeak = -1;
/** What an encoder usually adds to a peak. */
const encoderDb = 0.4;
/** What it may add to the loudness or take from it. */
const tolerance = { encoded: 0.5, filtered: 0.2 };

/** One gain if the true peak allows it; else a limiter, starting from the same gain. */
export function levelFor(target: number, { loudness, truePeak }: Measured): Level | undefined {
  if (loudness === -Infinity) return undefined;
  const gainDb = target - loudness;
  const fits = truePeak + gainDb <= mostTruePeak - encoderDb;
  return fits ? { target, gainDb } : { target, gainDb, limitDb: mostTruePeak - encoderDb };
}

/**
 * The filters of a level. The limiter looks ahead and has a memory. Every piece of the sound is decoded from
 * its start, so the limiter behaves the same in each.
 */
export function levelFilters({ gainDb, limitDb }: Level): string[] {
  const gain = `volume=${gainDb.toFixed(3)}dB:precision=float`;
  if (limitDb === undefined) return [gain];
  const limit = (10 ** (limitDb / 20)).toFixed(5);
  return [gain, `alimiter=limit=${limit}:attack=5:release=50:level=0:latency=1`];
}

/** The level that corrects what was measured; undefined when that is already the wanted one. */
export function corrected(level: Level, made: Measured, stage: 'filtered' | 'encoded') {
  const off = level.target - made.loudness;
  const room = stage === 'encoded' ? 0 : encoderDb;
  const over = made.truePeak - (mostTruePeak - room);
  if (Math.abs(off) <= tolerance[stage] && over <= 0) return undefined;
  const limitDb = level.limitDb ?? mostTruePeak - encoderDb;
  // More than the excess: the louder the rest becomes, the more the encoder adds.
  const lower = over > 0 ? limitDb - 1.5 * over - 0.3 : limitDb;
  return {
    ...level,
    gainDb: level.gainDb + off,
    limitDb: level.limitDb === undefined && over <= 0 ? undefined : lower,
    isLoudest: false,
  };
}

/** A level, and what was measured of the sound at it. */
export type Tried = { level: Level; made: Measured };

/** In LU, and for each decibel of gain. */
const audiblyLouder = 0.1;

/** Whether the higher of two levels, which differ in gain alone, makes the sound no louder. */
export function isNoLouder(lower: Tried, higher: Tried): boolean {
  const gain = higher.level.gainDb - lower.level.gainDb;
  const louder = higher.made.loudness - lower.made.loudness;
  const isSameLimit = lower.level.limitDb === higher.level.limitDb;
  return isSameLimit && gain > 0 && louder < audiblyLouder * Math.min(1, gain);
}
