/** Frames per second of every video. */
export const frameRate = 25;

/** The picture of a video: its H.264 frames, in the order in which they are shown and stored. */
export type PictureTrack = {
  width: number;
  height: number;
  /** The AVCDecoderConfigurationRecord. */
  config: Buffer;
  /** How many frames there are. */
  frames: number;
  /** Whether decoding can start at this frame. The first frame always qualifies. */
  isKey(frame: number): boolean;
  /** Whether every group has the packets of the first one. */
  groupsAreAlike?: boolean;
  /** The number of bytes of this frame in MP4 format. */
  size(frame: number): number;
  /** The frames from `from` up to but excluding `to`; each part is valid until the next is requested. */
  read(from: number, to: number): Iterable<Buffer> | AsyncIterable<Buffer>;
};
