import { writeFile } from 'node:fs/promises';
import { MediaError } from '../errors.ts';
import type { Refusal } from '../ffmpeg/run_own_program.ts';
import { hasOnlySound, readAacAudio, readHeardSeconds, readPromisedSeconds } from './read.ts';
import type { IndexAnswer, IndexRequest } from './read_in_box.ts';

// This program reads the index of a caller's file where it can do no harm. See read_in_box.ts.
read(JSON.parse(process.argv.at(-1) ?? '')).then(
  (answer) => process.stdout.write(JSON.stringify(answer)),
  (error) => {
    process.stderr.write(String(error?.stack ?? error));
    process.exitCode = 1;
  },
);

async function read({ path, tablesPath }: IndexRequest): Promise<IndexAnswer | Refusal> {
  try {
    const audio = await readAacAudio(path);
    const promisedSeconds = await readPromisedSeconds(path);
    const heardSeconds = await readHeardSeconds(path);
    if (!audio) return { promisedSeconds, heardSeconds };
    const { offsets, sizes, config, priming, samples } = audio;
    const bytes = ({ buffer, byteOffset, byteLength }: Float64Array | Uint32Array) =>
      new Uint8Array(buffer, byteOffset, byteLength);
    await writeFile(tablesPath, Buffer.concat([bytes(offsets), bytes(sizes)]));
    const told = { priming, samples, config: config.toString('hex'), packets: sizes.length };
    return { audio: told, onlySound: await hasOnlySound(path), promisedSeconds, heardSeconds };
  } catch (error) {
    if (!(error instanceof MediaError)) throw error;
    return { refusal: error.message };
  }
}
