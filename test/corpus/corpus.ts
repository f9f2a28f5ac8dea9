import { mkdir, mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { audioTypeOf, headBytes, imageTypeOf } from '../../src/media_type.ts';
import { MediaError } from '../../worker/media/errors.ts';
import { makeVideo } from '../../worker/media/make_video.ts';
import { box, ffmpegPath, ffprobePath, file, plainPicture, within } from '../support/media.ts';
import { toneWav } from '../support/wav.ts';
import { judgePicture, judgeSound } from './judge.ts';

export type Verdict = {
  /** Path within the folder. */
  file: string;
  outcome: 'right' | 'wrong' | 'refused' | 'not taken' | 'our fault';
  /** The cause in words, without what differs from file to file. */
  cause: string;
};

/**
 * Makes a video of every file of a folder and its folders, with a plain picture or a short tone as its other half,
 * and judges it. `onVerdict` gets each as it comes.
 */
export async function runCorpus(
  folder: string,
  onVerdict: (verdict: Verdict) => void = () => {},
): Promise<Verdict[]> {
  const dir = await mkdtemp(join(tmpdir(), 'vidgen-corpus-'));
  try {
    const halves = {
      imagePath: await plainPicture(dir),
      audioPath: await file(dir, 'tone.wav', toneWav(0.5)),
    };
    const verdicts: Verdict[] = [];
    const found = await readdir(folder, { recursive: true, withFileTypes: true });
    const paths = found.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
    for (const path of paths.sort()) {
      const name = path.slice(join(folder, '/').length);
      const verdict = { file: name, ...(await judge(path, halves, join(dir, 'job'))) };
      verdicts.push(verdict);
      onVerdict(verdict);
    }
    return verdicts;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

type Halves = { imagePath: string; audioPath: string };

async function judge(path: string, halves: Halves, job: string): Promise<Omit<Verdict, 'file'>> {
  await rm(job, { recursive: true, force: true });
  await mkdir(job);
  const head = await headOf(path);
  const [imageType, audioType] = [await imageTypeOf(head), await audioTypeOf(head)];
  if (!imageType && !audioType)
    return { outcome: 'not taken', cause: 'no type that is taken (415)' };
  const given = imageType ? { ...halves, imagePath: path } : { ...halves, audioPath: path };
  try {
    const made = await makeVideo({
      ...{ ffmpegPath, ffprobePath, box, dir: job, threads: 2, maxAudioSeconds: 4 * 3600 },
      imagePath: await within(job, given.imagePath),
      imageType: imageType ?? 'image/png',
      audioPath: await within(job, given.audioPath),
      audioType: imageType ? 'audio/wav' : (audioType ?? 'audio/wav'),
      signal: new AbortController().signal,
      onProgress: () => {},
    });
    const wrong = await (imageType ? judgePicture(path, made) : judgeSound(path, made.videoPath));
    return wrong
      ? { outcome: 'wrong', cause: wrong }
      : { outcome: 'right', cause: 'as it should be' };
  } catch (error) {
    const outcome = error instanceof MediaError ? 'refused' : 'our fault';
    const said = error instanceof Error ? error.message : String(error);
    return { outcome, cause: said.slice(0, 200).replace(/\d+(\.\d+)?/g, 'N') };
  }
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const bytes = Buffer.alloc(headBytes);
    const { bytesRead } = await file.read(bytes, 0, headBytes, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

const mostNames = 5;

/** A Markdown table, the causes most in need of attention first. */
export function tableOf(verdicts: Verdict[]): string {
  const groups = Map.groupBy(verdicts, ({ outcome, cause }) => `${outcome} | ${cause}`);
  const order = ['our fault', 'wrong', 'refused', 'not taken', 'right'];
  const rank = ([group]: Verdict[]) => order.indexOf(group?.outcome ?? '');
  const rows = [...groups]
    .sort(([, a], [, b]) => rank(a) - rank(b) || b.length - a.length)
    .map(([name, group]) => {
      const names = group.slice(0, mostNames).map(({ file }) => file);
      const more = group.length > mostNames ? ', …' : '';
      return `| ${name.replaceAll('\n', ' ')} | ${group.length} | ${names.join(', ')}${more} |`;
    });
  return ['| outcome | cause | files | which |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
