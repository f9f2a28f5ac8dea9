/** Frames of every video in a second. */
export const FRAME_RATE = 25;

/** The picture of a video: its H.264 frames, in the order in which they are shown and stored. */
export type PictureTrack = {
  width: number;
  height: number;
  /** The AVCDecoderConfigurationRecord. */
  config: Buffer;
  /** How many frames there are. */
  frames: number;
  /** Whether decoding can begin at this frame. The first one is always such. */
  isKey(frame: number): boolean;
  /** The bytes of this frame, as MP4 holds it. */
  size(frame: number): number;
  /** The frames `from` up to, not including, `to`; each part holds until the next is asked for. */
  read(from: number, to: number): Iterable<Buffer> | AsyncIterable<Buffer>;
};
