import { createRequire, enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { getAsset } from 'node:sea';
import { unpack } from './unpack.ts';

// The main module of the single executable. The bundle runs from a folder in the user's cache, because the
// system's loader accepts native code only from files.
try {
  const { VIDGEN_PROGRAM: own } = process.env;
  if (own) createRequire(own)(own);
  else {
    const manifest = JSON.parse(getAsset('manifest.json', 'utf8'));
    const unpackHere = () => unpack(manifest, (path) => new Uint8Array(getAsset(path)));
    const folder = unpackHere();
    // For programs that are started later, when something may have cleaned /tmp.
    Object.assign(globalThis, { vidgenUnpack: unpackHere });
    process.setSourceMapsEnabled(true);
    enableCompileCache(join(folder, 'compiled'));
    createRequire(join(folder, 'vidgen.mjs'))('./vidgen.mjs');
  }
} catch (error) {
  console.error(`VidGen cannot start: ${(error as Error).message}`);
  process.exit(1);
}
