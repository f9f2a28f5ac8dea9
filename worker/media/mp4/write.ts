import { HashedFile } from './hashed_file.ts';
import type { Movie } from './movie.ts';
import { PacketReader } from './packet_reader.ts';
import { planMovie } from './plan.ts';

/** Writes the movie as an MP4 whose index comes first, front to back in one pass. */
export async function writeMp4(
  path: string,
  movie: Movie,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<{ bytes: number; sha256: string }> {
  const plan = planMovie(movie);
  const reader = new PacketReader(movie.sound);
  const out = await HashedFile.create(path);
  const write = async (parts: Iterable<Buffer> | AsyncIterable<Buffer>) => {
    for await (const part of parts) await out.write(part);
  };
  try {
    await write(plan.head);
    for (let second = 0; second < plan.seconds; second++) {
      signal.throwIfAborted();
      const turn = (before: (second: number) => number) =>
        [before(second), before(second + 1)] as const;
      const captions = plan.captions.slice(...turn(plan.captionsBefore));
      await write(captions.map(({ bytes }) => bytes));
      await write(movie.picture.read(...turn(plan.framesBefore)));
      await write(reader.read(...turn(plan.packetsBefore)));
      onProgress((second + 1) / plan.seconds);
    }
    await out.write(plan.tail);
    return await out.finish();
  } finally {
    await reader.close();
    await out.close();
  }
}
