import { createHash } from 'node:crypto';
import { type Served, served } from '../../http/served.ts';
import { projectFiles } from '../../process/project_files.ts';

// Scripts and styles are bundled from client/ into built/ by "npm run generate". One digest of all assets is
// the folder in their addresses, so whatever changes gets a new address.
const contentTypes: Record<string, string> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  jpg: 'image/jpeg',
  webp: 'image/webp',
  mp3: 'audio/mpeg',
};

/** What the page submits when one has no files at hand, and the picture of link previews. */
const samples = ['portrait.jpg', 'portrait-360.webp', 'voiceover.mp3', 'preview.jpg'];

const sources = new Map<string, Buffer>(
  [
    ...projectFiles.names('src/pages/built').map((name) => `src/pages/built/${name}`),
    ...['icon.svg', 'wave.svg'].map((name) => `src/pages/client/pictures/${name}`),
    ...samples.map((name) => `samples/${name}`),
  ].map((path) => [path.slice(path.lastIndexOf('/') + 1), projectFiles.read(path)]),
);

/** Changes whenever any asset does. */
export const assetsDigest = [...sources]
  .reduce((hash, [name, bytes]) => hash.update(name).update(bytes), createHash('sha256'))
  .digest('base64url')
  .slice(0, 12);

/** The address of an asset below the service's own root. Throws where there is none. */
export function assetPath(name: string): string {
  if (!sources.has(name)) throw new Error(`There is no asset ${name}.`);
  return `/assets/${assetsDigest}/${name}`;
}

const ready = new Map<string, Promise<Served>>();

/** The asset, compressed when it is first asked for; undefined where there is none. */
export function asset(name: string): Promise<Served> | undefined {
  const bytes = sources.get(name);
  if (!bytes) return undefined;
  const file = ready.get(name) ?? served(bytes, contentTypes[extension(name)] ?? '');
  ready.set(name, file);
  return file;
}

function extension(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
