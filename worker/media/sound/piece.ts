/** A run of packets of the whole track: from the first up to, not including, the last. */
export type Piece = { from: number; to: number };
