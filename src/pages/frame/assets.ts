import { createHash } from 'node:crypto';
import { type Served, served } from '../../http/served.ts';
import { projectFiles } from '../../process/project_files.ts';

// "npm run generate" bundles scripts and styles from client/ into built/. The digest of all assets is the folder
// in their addresses, so a changed asset gets a new address.
const contentTypes: Record<string, string> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  jpg: 'image/jpeg',
  webp: 'image/webp',
  mp3: 'audio/mpeg',
};

/** The sample files of the studio, and the picture for link previews. */
const samples = ['portrait.jpg', 'portrait-360.webp', 'voiceover.mp3', 'preview.jpg'];

const sources = new Map<string, Buffer>(
  [
    ...projectFiles.names('src/pages/built').map((name) => `src/pages/built/${name}`),
    ...['icon.svg', 'wave.svg'].map((name) => `src/pages/client/pictures/${name}`),
    ...samples.map((name) => `samples/${name}`),
  ].map((path) => [path.slice(path.lastIndexOf('/') + 1), projectFiles.read(path)]),
);

/** Changes whenever an asset changes. */
export const assetsDigest = [...sources]
  .reduce((hash, [name, bytes]) => hash.update(name).update(bytes), createHash('sha256'))
  .digest('base64url')
  .slice(0, 12);

/** The path of an asset below PUBLIC_URL. Throws if there is no such asset. */
export function assetPath(name: string): string {
  if (!sources.has(name)) throw new Error(`There is no asset ${name}.`);
  return `/assets/${assetsDigest}/${name}`;
}

const ready = new Map<string, Promise<Served>>();

/** The asset, compressed on its first request; undefined if there is no such asset. */
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
