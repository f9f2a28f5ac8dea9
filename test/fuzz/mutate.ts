import type { Random } from '../support/random.ts';

/** Numbers at which careless arithmetic in readers goes wrong. */
const telling = [
  ...[0, 1, 2, 7, 8, 9, 15, 16, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff],
  ...[0x1_0000, 0xff_ffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fff8, 0xffff_ffff],
];

type Change = (bytes: Buffer, random: Random, others: readonly Buffer[]) => Buffer;

const below = (random: Random, end: number) => Math.floor(random.between(0, end));

const knownChanges: Change[] = [
  function flipBit(bytes, random) {
    const at = below(random, bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << below(random, 8));
    return bytes;
  },
  function anyByte(bytes, random) {
    bytes[below(random, bytes.length)] = below(random, 256);
    return bytes;
  },
  function tellingNumber(bytes, random) {
    const size = random.pick([1, 2, 4]);
    const at = below(random, bytes.length - size + 1);
    const value = random.pick(telling) % 256 ** size;
    if (at < 0 || at + size > bytes.length) return bytes;
    if (random.chance(0.5)) bytes.writeUIntBE(value, at, size);
    else bytes.writeUIntLE(value, at, size);
    return bytes;
  },
  function cutEnd(bytes, random) {
    return bytes.subarray(0, below(random, bytes.length));
  },
  function leaveOut(bytes, random) {
    const [from, to] = stretch(bytes, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  function repeat(bytes, random) {
    const [from, to] = stretch(bytes, random);
    const times = Array.from({ length: below(random, 20) }, () => bytes.subarray(from, to));
    return Buffer.concat([bytes.subarray(0, to), ...times, bytes.subarray(to)]);
  },
  function insertOther(bytes, random, others) {
    const other = random.pick(others);
    const [from, to] = stretch(other, random);
    const at = below(random, bytes.length);
    return Buffer.concat([bytes.subarray(0, at), other.subarray(from, to), bytes.subarray(at)]);
  },
  function fill(bytes, random) {
    const [from, to] = stretch(bytes, random);
    return bytes.fill(random.pick([0, 0x20, 0xff]), from, to);
  },
];

function stretch(bytes: Buffer, random: Random): [from: number, to: number] {
  const from = below(random, bytes.length);
  return [from, Math.min(bytes.length, from + 1 + below(random, random.pick([8, 64, 4_096])))];
}

/** A copy of one of the seeds with one to eight changes. */
export function mutated(seeds: readonly Buffer[], random: Random): Buffer {
  let bytes = Buffer.from(random.pick(seeds));
  for (let changes = 1 + below(random, 8); changes > 0 && bytes.length > 0; changes--) {
    bytes = Buffer.from(random.pick(knownChanges)(bytes, random, seeds));
  }
  return bytes;
}
