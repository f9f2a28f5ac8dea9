import type { StillVideo } from './h264.ts';
import { HashedFile } from './hashed_file.ts';
import { planMovie } from './movie_plan.ts';
import type { AacAudio } from './mp4_read.ts';
import { PacketReader } from './packet_reader.ts';

/**
 * Writes picture and sound as an MP4 whose index comes first, front to back in one go.
 * The frames are the same few packets over and over.
 */
export async function writeMp4(
  path: string,
  still: StillVideo,
  audio: AacAudio,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<{ bytes: number; sha256: string }> {
  const movie = planMovie(still, audio);
  const reader = new PacketReader(audio);
  const out = await HashedFile.create(path);
  try {
    for (const part of movie.head) await out.write(part);
    for (let second = 0; second < movie.seconds; second++) {
      signal.throwIfAborted();
      await out.write(movie.frames(second));
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
