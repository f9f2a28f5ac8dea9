import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seeded } from '../support/random.ts';
import { mutated } from './mutate.ts';
import type { Reader } from './readers.ts';

export type Fuzz = {
  /** A folder for inputs. */
  dir: string;
  seed: number;
  /** The number of the first input; the seed and the number alone determine an input. */
  from: number;
  /** Asked before each input. */
  goesOn(input: number): boolean;
};

export type Fuzzed = { inputs: number; refused: number };

/** Feeds a reader. Rejects, keeping the input in a file, when the reader fails in any way but a refusal. */
export async function fuzz(reader: Reader, { dir, seed, from, goesOn }: Fuzz): Promise<Fuzzed> {
  const seeds = await reader.seeds(dir);
  let refused = 0;
  let input = from;
  for (; goesOn(input); input++) {
    const bytes = mutated(seeds, seeded(seed * 1_000_003 + input));
    try {
      await reader.read(bytes, dir);
    } catch (error) {
      if (reader.refusals.some((kind) => error instanceof kind)) refused++;
      else {
        const path = join(tmpdir(), `vidgen-fuzz-${reader.name}-${seed}-${input}`);
        await writeFile(path, bytes);
        throw new Error(`${reader.name}, --seed ${seed} --from ${input}: see ${path}`, {
          cause: error,
        });
      }
    }
  }
  return { inputs: input - from, refused };
}
