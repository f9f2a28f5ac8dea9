import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import type { Config } from '../src/config.ts';
import type { Backend, LocalVideo, Waiting } from '../src/mcp/backend.ts';
import { isText, type VideoRequest } from '../src/mcp/inputs.ts';
import { mustBeFiles } from './input_files.ts';
import { makeHere } from './make_here.ts';
import { mustBeWritable } from './output_file.ts';

/** Makes the videos on this machine, without a service. */
export const here = (config: Config): Backend => ({
  hasPaths: true,
  makeVideo: (video, waiting) => make(config, video, waiting),
});

async function make(
  config: Config,
  { image, audio, captions, output: named, metadata, ...options }: VideoRequest,
  { signal, onProgress }: Waiting,
): Promise<LocalVideo> {
  const output = named ?? `${basename(audio, extname(audio))}.mp4`;
  await mustBeWritable(output);
  if (metadata) throw new Error('metadata is kept with the job of a service: leave it out here.');
  const folder = await mkdtemp(join(tmpdir(), 'vidgen-mcp-'));
  try {
    let path = captions;
    if (captions && isText(captions)) {
      path = join(folder, 'captions');
      await writeFile(path, captions);
    }
    await mustBeFiles([image, audio, ...(path ? [path] : [])]);
    return await makeHere(config, {
      files: { image, audio, ...(path && { captions: path }) },
      ...{ options, output, signal, onProgress },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
