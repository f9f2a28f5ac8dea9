import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The key of a developer's machine: created once, kept in DATA_DIR and readable by its owner only. */
export async function keptSecretsKey(dataDir: string): Promise<Buffer> {
  const file = join(dataDir, 'secrets-key');
  await mkdir(dataDir, { recursive: true });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  // A link appears complete or not at all. A second process takes the first one's key.
  await link(draft, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(draft);
  return Buffer.from(await readFile(file, 'utf8'), 'base64');
}
