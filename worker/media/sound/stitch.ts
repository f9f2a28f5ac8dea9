import { packetSamples, windowOf } from '../codec/aac.ts';
import { PacketReader } from '../mp4/packet_reader.ts';
import type { AacAudio } from '../mp4/read.ts';
import type { Piece } from './piece.ts';

export type EncodedPiece = { piece: Piece; audio: AacAudio };

/** How far from the middle of the overlap a seam may be, in packets. */
const reach = 8;

/**
 * Joins pieces that overlap around `seams` (packet numbers of the whole track) into one track. A packet's
 * sound overlaps its neighbours' by half, so one encode may follow another only where both chose the same
 * windows for the previous packet. Undefined when there is no such place nearby.
 */
export async function stitch(
  pieces: EncodedPiece[],
  seams: number[],
): Promise<AacAudio | undefined> {
  const [first] = pieces;
  const last = pieces.at(-1);
  if (!first || !last) return undefined;
  const cuts = [0];
  for (const [i, seam] of seams.entries()) {
    const [before, after] = [pieces[i], pieces[i + 1]];
    const cut = before && after && (await findCut(before, after, seam));
    if (cut === undefined) return undefined;
    cuts.push(cut);
  }
  const parts = pieces.map(({ piece, audio }, i) => {
    const at = cuts[i] ?? 0;
    const kept = [at - piece.from, (cuts[i + 1] ?? Infinity) - piece.from] as const;
    const [sizes, offsets] = [audio.sizes.subarray(...kept), audio.offsets.subarray(...kept)];
    return { path: audio.files[0]?.path ?? '', at, sizes, offsets };
  });
  const total = parts.reduce((sum, part) => sum + part.sizes.length, 0);
  const sizes = new Uint32Array(total);
  const offsets = new Float64Array(total);
  for (const part of parts) {
    sizes.set(part.sizes, part.at);
    offsets.set(part.offsets, part.at);
  }
  return {
    ...first.audio,
    files: parts.map(({ path, at }) => ({ path, from: at })),
    sizes,
    offsets,
    samples: last.piece.from * packetSamples + last.audio.samples,
  };
}

/** The packet nearest to the seam from which `after` can take over. */
async function findCut(before: EncodedPiece, after: EncodedPiece, seam: number) {
  const from = seam - reach - 1;
  const windowsBefore = await windowsOf(before, from);
  const windowsAfter = await windowsOf(after, from);
  const places = Array.from({ length: 2 * reach + 1 }, (_, i) => i);
  return places
    .filter((i) => windowsBefore[i] !== undefined && windowsBefore[i] === windowsAfter[i])
    .map((i) => from + i + 1)
    .sort((a, b) => Math.abs(a - seam) - Math.abs(b - seam))[0];
}

async function windowsOf({ piece, audio }: EncodedPiece, from: number) {
  const reader = new PacketReader(audio);
  try {
    const windows: (number | undefined)[] = [];
    for (let i = from - piece.from; i <= from - piece.from + 2 * reach; i++) {
      if (i < 0 || i >= audio.sizes.length) return [];
      for await (const packet of reader.read(i, i + 1)) windows.push(windowOf(packet));
    }
    return windows;
  } finally {
    await reader.close();
  }
}
