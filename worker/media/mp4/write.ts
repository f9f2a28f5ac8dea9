import type { PictureTrack } from '../picture/picture_track.ts';
import { HashedFile } from './hashed_file.ts';
import { PacketReader } from './packet_reader.ts';
import { planMovie } from './plan.ts';
import type { AacAudio } from './read.ts';

/** Writes picture and sound as an MP4 whose index comes first, front to back in one go. */
export async function writeMp4(
  path: string,
  picture: PictureTrack,
  audio: AacAudio,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<{ bytes: number; sha256: string }> {
  const movie = planMovie(picture, audio);
  const reader = new PacketReader(audio);
  const out = await HashedFile.create(path);
  try {
    for (const part of movie.head) await out.write(part);
    for (let second = 0; second < movie.seconds; second++) {
      signal.throwIfAborted();
      const frames = [movie.framesBefore(second), movie.framesBefore(second + 1)] as const;
      for await (const part of picture.read(...frames)) await out.write(part);
      const packets = [movie.packetsBefore(second), movie.packetsBefore(second + 1)] as const;
      for await (const part of reader.read(...packets)) await out.write(part);
      onProgress((second + 1) / movie.seconds);
    }
    return await out.finish();
  } finally {
    await reader.close();
    await out.close();
  }
}
