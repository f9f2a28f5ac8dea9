import { writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/** Files that take long, or that look at what their process uses: each has a process of its own. */
const ownProcess =
  /^test\/(browser|chaos|fuzz|setup)\/|^test\/(journey|storage\/s3|cli\/make|build\/build|docs\/recipes|deploy\/(pgbouncer|procfile|side_by_side)|media\/(mp4_read|browsers|loudness|seams)|admin\/metrics|upload\/malformed)\.test/;
const most = 8;

/**
 * Which test files share a process, in the order in which the processes start: the long ones first. Loading the
 * program takes half a second of CPU, more than most files take to run, so the files of a folder are run together.
 */
export function batchesOf(files: string[]): string[][] {
  const folders = Map.groupBy(
    files.filter((file) => !ownProcess.test(file)),
    dirname,
  );
  return [
    ...files.filter((file) => ownProcess.test(file)).map((file) => [file]),
    ...[...folders.values()].flatMap(inEqualParts),
  ];
}

function inEqualParts(files: string[]): string[][] {
  const size = Math.ceil(files.length / Math.ceil(files.length / most));
  return Array.from({ length: Math.ceil(files.length / size) }, (_, n) =>
    files.slice(n * size, (n + 1) * size),
  );
}

/** Writes the module that runs a batch of compiled files; returns its path. */
export async function writeBatch(folder: string, compiled: string[], n: number): Promise<string> {
  const [only = ''] = compiled;
  if (compiled.length === 1) return only;
  const path = join(folder, `batch-${n}.mjs`);
  const imports = compiled.map((file) => `import './${relative(folder, file)}';\n`);
  await writeFile(path, imports.join(''));
  return path;
}
