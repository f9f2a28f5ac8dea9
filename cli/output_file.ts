import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UsageError } from './command.ts';

/** Throws a sentence unless the file can be written there. */
export async function mustBeWritable(
  output: string,
  overwrite = false,
  remedy = 'Name another.',
): Promise<void> {
  const folder = await stat(dirname(output)).catch(() => undefined);
  if (!folder?.isDirectory()) throw new UsageError(`There is no folder ${dirname(output)}.`);
  const there = await stat(output).catch(() => undefined);
  if (there?.isDirectory()) throw new UsageError(`${output} is a folder. Name a file.`);
  if (there && !overwrite) throw new UsageError(`${output} is there already. ${remedy}`);
}
