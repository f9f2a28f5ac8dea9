import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Packages with native code for this platform: sharp, and the libvips that it needs. */
export async function nativePackages(root: string): Promise<string[]> {
  const names = await readdir(join(root, 'node_modules', '@img'));
  return names.filter((name) => name.startsWith('sharp-')).map((name) => `@img/${name}`);
}
