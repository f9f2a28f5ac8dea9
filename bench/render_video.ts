import { link, mkdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { openBox } from '../worker/media/box/open_box.ts';
import { type MadeVideo, type MakeVideoOptions, makeVideo } from '../worker/media/make_video.ts';
import { ffmpegPath, ffprobePath } from './recipe.ts';

type Given = Pick<MakeVideoOptions, 'imagePath' | 'audioPath' | 'audioType'> &
  Partial<MakeVideoOptions>;

/** Makes a video as a worker does; in the same folder each time, so that the disk holds one at a time. */
export async function renderVideo(dir: string, given: Given): Promise<MadeVideo> {
  const job = join(dir, 'job');
  await rm(job, { recursive: true, force: true });
  await mkdir(job);
  // Decoders may read only what is in the job's folder.
  const [imagePath, audioPath] = [join(job, 'image'), join(job, 'audio')];
  await link(given.imagePath, imagePath);
  await link(given.audioPath, audioPath);
  return makeVideo({
    imageType: 'image/jpeg',
    dir: job,
    ffmpegPath,
    ffprobePath,
    box: await openBox('auto'),
    maxAudioSeconds: 4 * 3600,
    threads: availableParallelism(),
    signal: new AbortController().signal,
    onProgress: () => {},
    ...given,
    ...{ imagePath, audioPath },
  });
}
