import { createReadStream } from 'node:fs';
import { copyFile, open, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { save } from '../client/download.ts';
import type { Config } from '../src/config.ts';
import { audioTypeOf, headBytes, imageTypeOf } from '../src/media_type.ts';
import { OperatorError } from '../src/operator_error.ts';
import { checkTarget, warningsOf } from '../src/targets/check.ts';
import { completeOptions } from '../src/targets/targets.ts';
import { openBox } from '../worker/media/box/open_box.ts';
import { findFfmpeg, mustRun } from '../worker/media/ffmpeg/find_ffmpeg.ts';
import { MediaError, makeVideo, RenderError } from '../worker/media/make_video.ts';
import { makeTemporaryFolder } from '../worker/media/temporary.ts';
import type { MadeFile, MakeRequest } from './make_request.ts';

/** Makes the video on this machine, with nothing but ffmpeg. Throws OperatorError, or the signal's reason. */
export async function makeHere(config: Config, request: MakeRequest): Promise<MadeFile> {
  const { files, output, signal, onProgress } = request;
  const imageType = await typeOf(files.image, imageTypeOf, 'a JPEG, PNG or WebP picture');
  const audioType = await typeOf(files.audio, audioTypeOf, 'MP3, WAV, M4A or Ogg (Vorbis, Opus)');
  const options = completeOptions(request.options);
  const ffmpeg = findFfmpeg(config.ffmpegPath);
  const box = await openBox(config.sandbox);
  const dir = await makeTemporaryFolder();
  try {
    // What runs in the box sees this folder alone.
    const [imagePath, audioPath] = [join(dir, 'image'), join(dir, 'audio')];
    await copyFile(files.image, imagePath);
    await copyFile(files.audio, audioPath);
    onProgress(0, 'Rendering');
    const made = await makeVideo({
      ...{ imagePath, imageType, audioPath, audioType, captionsPath: files.captions },
      ...ffmpeg,
      ...{ box, dir, options, signal },
      threads: availableParallelism(),
      maxAudioSeconds: config.maxAudioSeconds,
      maxMegapixels: config.maxMegapixels,
      onProgress: (fraction) => onProgress(100 * fraction, 'Rendering'),
    });
    await save(createReadStream(made.videoPath), output);
    onProgress(100, 'Done');
    const { bytes, sha256, width, height, audioSeconds: seconds } = made;
    const { target } = options;
    const checks = target ? checkTarget(target, made.facts) : [];
    const warnings = [...made.warnings, ...(target ? warningsOf(target, checks) : [])];
    return { file: output, bytes, sha256, width, height, seconds, warnings, checks };
  } catch (error) {
    // Of a program that does not start, any file looks damaged.
    if (error instanceof MediaError || error instanceof RenderError) await mustRun(ffmpeg);
    if (error instanceof MediaError) throw new OperatorError(error.message);
    if (error instanceof RenderError) throw new OperatorError(`${error.message}\n${error.detail}`);
    throw error;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function typeOf<Type>(
  path: string,
  recognise: (head: Uint8Array) => Promise<Type | null>,
  accepted: string,
): Promise<Type> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    const type = await recognise(buffer.subarray(0, bytesRead));
    if (type) return type;
    throw new OperatorError(`${path} is ${bytesRead === 0 ? 'empty' : `not ${accepted}`}.`);
  } finally {
    await file.close();
  }
}
