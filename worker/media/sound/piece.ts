/** A run of packets of the whole track, from the first up to but excluding the last. */
export type Piece = { from: number; to: number };
