import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CaptionsError, type Cue } from '../../../../src/captions/cue.ts';
import { parseCaptions } from '../../../../src/captions/parse.ts';
import { toWebVtt } from '../../../../src/captions/web_vtt.ts';
import { MediaError } from '../../errors.ts';
import type { CaptionTrack } from '../../mp4/movie.ts';
import type { Recipe } from '../../recipe.ts';

/**
 * The cues of the caller's file. Throws MediaError; for uploaded files the API has already reported errors.
 */
export async function readCaptions(path: string): Promise<Cue[]> {
  try {
    return parseCaptions(await readFile(path));
  } catch (error) {
    if (error instanceof CaptionsError) throw new MediaError(error.message);
    throw error;
  }
}

/** Which captions are drawn into the picture, and which can be switched on and off. */
export function captionsOf({ captions }: Recipe, cues: Cue[] | undefined) {
  if (!captions || !cues) return {};
  const { style, language } = captions;
  const burned: CaptionTrack | undefined = style === 'track' ? undefined : { cues, language };
  const track: CaptionTrack | undefined =
    style === 'burned' ? undefined : { cues, language, isOff: style === 'both' };
  return { burned, track };
}

/** Warnings about captions that are never seen. */
export function captionWarnings(cues: Cue[] | undefined, seconds: number): string[] {
  const unseen = cues?.filter(({ fromMs }) => fromMs >= seconds * 1000).length ?? 0;
  if (unseen === 0) return [];
  const captions = unseen === 1 ? '1 caption begins' : `${unseen} captions begin`;
  return [`${captions} after the end of the audio, which is ${seconds.toFixed(1)} seconds long.`];
}

/** Writes the cues in the format that browsers read; returns the path. */
export async function writeCaptions(cues: Cue[], dir: string): Promise<string> {
  const path = join(dir, 'captions.vtt');
  await writeFile(path, toWebVtt(cues));
  return path;
}
