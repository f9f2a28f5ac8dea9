/** Chromaticities x, y. */
export type Chromaticity = readonly [x: number, y: number];

export type Primaries = {
  white: Chromaticity;
  red: Chromaticity;
  green: Chromaticity;
  blue: Chromaticity;
};

/**
 * The light of a value from 0 to 1: a power, the parameters of ICC's `para` type 3, or samples at equal
 * steps.
 */
export type Transfer =
  | { gamma: number }
  | { g: number; a: number; b: number; c: number; d: number }
  | { samples: readonly number[] };

/**
 * A profile (ICC.1:2010, version 4) of a display with these primaries, or of one that shows only grey.
 * Decoders apply it to files that describe their colours in a way that they do not know.
 */
export function iccProfile(transfer: Transfer, primaries?: Primaries): Buffer {
  const curve = curveTag(transfer);
  return profile(primaries ? 'RGB ' : 'GRAY', [
    ['desc', text('RGB')],
    ['cprt', text('CC0')],
    ['wtpt', xyzTag(d50)],
    ...(primaries ? displayTags(primaries, curve) : [['kTRC', curve] as Tag]),
  ]);
}

type Tag = [name: string, data: Buffer];

function displayTags({ white, red, green, blue }: Primaries, curve: Buffer): Tag[] {
  const columns = adapted(white, [red, green, blue]);
  return ['r', 'g', 'b'].flatMap((channel, i) => [
    [`${channel}XYZ`, xyzTag(columns[i] as Triple)] as Tag,
    [`${channel}TRC`, curve] as Tag,
  ]);
}

function profile(space: string, tags: Tag[]): Buffer {
  const table = Buffer.alloc(4 + 12 * tags.length);
  table.writeUInt32BE(tags.length);
  let offset = headerBytes + table.length;
  tags.forEach(([name, data], i) => {
    table.write(name, 4 + 12 * i, 'latin1');
    table.writeUInt32BE(offset, 8 + 12 * i);
    table.writeUInt32BE(data.length, 12 + 12 * i);
    offset += data.length;
  });
  return Buffer.concat([header(space, offset), table, ...tags.map(([, data]) => data)]);
}

const headerBytes = 128;

function header(space: string, size: number): Buffer {
  const bytes = Buffer.alloc(headerBytes);
  bytes.writeUInt32BE(size);
  bytes.writeUInt32BE(0x04200000, 8);
  bytes.write(`mntr${space}XYZ `, 12, 'latin1');
  bytes.write('acsp', 36, 'latin1');
  xyz(d50).copy(bytes, 68);
  return bytes;
}

type Triple = [number, number, number];

const d50: Triple = [0.9642, 1, 0.8249];
const bradford: [Triple, Triple, Triple] = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296],
];

/** The XYZ of each primary at full light, as seen under D50. */
function adapted(white: Chromaticity, primaries: [Chromaticity, Chromaticity, Chromaticity]) {
  const [r, g, b] = primaries.map(xyzOf) as [Triple, Triple, Triple];
  const whiteXyz = xyzOf(white);
  const light = apply(inverse(transposed([r, g, b])), whiteXyz);
  const cone = apply(bradford, whiteXyz);
  const coneD50 = apply(bradford, d50);
  return [r, g, b].map((primary, i) => {
    const cones = apply(bradford, scaled(primary, light[i] as number));
    const moved = cones.map((value, k) => (value * (coneD50[k] as number)) / (cone[k] as number));
    return apply(inverse(bradford), moved as Triple);
  }) as [Triple, Triple, Triple];
}

const xyzOf = ([x, y]: Chromaticity): Triple => [x / y, 1, (1 - x - y) / y];
const scaled = (v: Triple, by: number) => v.map((value) => value * by) as Triple;
const dot = (a: Triple, b: Triple) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const apply = (m: [Triple, Triple, Triple], v: Triple) => m.map((row) => dot(row, v)) as Triple;
const cross = (a: Triple, b: Triple): Triple => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

function transposed([a, b, c]: [Triple, Triple, Triple]): [Triple, Triple, Triple] {
  return [
    [a[0], b[0], c[0]],
    [a[1], b[1], c[1]],
    [a[2], b[2], c[2]],
  ];
}

function inverse([a, b, c]: [Triple, Triple, Triple]): [Triple, Triple, Triple] {
  const by = 1 / dot(a, cross(b, c));
  return transposed([scaled(cross(b, c), by), scaled(cross(c, a), by), scaled(cross(a, b), by)]);
}

function fixed(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => {
    bytes.writeInt32BE(Math.round(value * 65_536), 4 * i);
  });
  return bytes;
}

const xyz = (value: Triple) => fixed(...value);
const xyzTag = (value: Triple) =>
  Buffer.concat([Buffer.from('XYZ \0\0\0\0', 'latin1'), xyz(value)]);

function curveTag(transfer: Transfer): Buffer {
  if ('samples' in transfer) {
    const bytes = Buffer.alloc(12 + 4 * Math.ceil(transfer.samples.length / 2));
    bytes.write('curv', 'latin1');
    bytes.writeUInt32BE(transfer.samples.length, 8);
    transfer.samples.forEach((light, i) => {
      bytes.writeUInt16BE(Math.round(65_535 * light), 12 + 2 * i);
    });
    return bytes;
  }
  const [type, parameters] =
    'gamma' in transfer
      ? [0, [transfer.gamma]]
      : [3, [transfer.g, transfer.a, transfer.b, transfer.c, transfer.d]];
  const head = Buffer.from('para\0\0\0\0\0\0\0\0', 'latin1');
  head.writeUInt16BE(type, 8);
  return Buffer.concat([head, fixed(...parameters)]);
}

/** A `mluc` of one language. */
function text(value: string): Buffer {
  const bytes = Buffer.alloc(28 + 4 * Math.ceil(value.length / 2));
  bytes.write('mluc', 'latin1');
  bytes.writeUInt32BE(1, 8);
  bytes.writeUInt32BE(12, 12);
  bytes.write('enUS', 16, 'latin1');
  bytes.writeUInt32BE(2 * value.length, 20);
  bytes.writeUInt32BE(28, 24);
  Buffer.from(value, 'utf16le').swap16().copy(bytes, 28);
  return bytes;
}
