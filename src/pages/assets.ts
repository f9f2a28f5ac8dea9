import { createHash } from 'node:crypto';
import { projectFiles } from '../process/project_files.ts';
import { type Served, served } from './served.ts';

// The scripts and styles of the pages lie in client/ as the browser gets them: there is no build. One
// digest of all of them is the folder in their addresses, so imports between them stay relative, and
// whatever changes gets a new address.
const folder = 'src/pages/client';
const contentTypes: Record<string, string> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  jpg: 'image/jpeg',
  webp: 'image/webp',
  mp3: 'audio/mpeg',
};

/** One style sheet for a page, cut into readable files. */
const sheets: Record<string, string[]> = {
  'docs.css': [
    'theme.css',
    'layout.css',
    'side_nav.css',
    'parts.css',
    'panels.css',
    'studio.css',
    'print.css',
  ],
  'share.css': ['theme.css', 'share_page.css'],
};
/** What the page submits when one has no files at hand. */
const samples = ['portrait.jpg', 'portrait-360.webp', 'voiceover.mp3'];

const read = (name: string) => projectFiles.read(`${folder}/${name}`);
const sources = new Map<string, Buffer>([
  ...projectFiles
    .names(folder)
    .filter((name) => /\.(js|svg)$/.test(name))
    .map((name) => [name, read(name)] as const),
  ...Object.entries(sheets).map(([name, files]) => [name, Buffer.concat(files.map(read))] as const),
  ...samples.map((name) => [name, projectFiles.read(`samples/${name}`)] as const),
]);

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

/** The modules that a script of ours imports, itself first: all can be fetched at once. */
export function modulesOf(name: string, found = new Set<string>()): string[] {
  if (found.has(name)) return [];
  found.add(name);
  const imports =
    sources
      .get(name)
      ?.toString()
      .matchAll(/from '\.\/([\w.]+)'/g) ?? [];
  return [name, ...[...imports].flatMap(([, imported = '']) => modulesOf(imported, found))];
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
