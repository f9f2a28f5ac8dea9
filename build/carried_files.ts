import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Plugin } from 'esbuild';

/** Puts all files of some folders into the bundle by replacing src/process/project_files.ts. */
export const carriedFiles = (root: string, folders: string[]): Plugin => ({
  name: 'carried files',
  setup({ onLoad }) {
    onLoad({ filter: /\/src\/process\/project_files\.ts$/ }, async () => {
      const carried = Object.fromEntries(
        (await Promise.all(folders.map((folder) => filesOf(root, folder)))).flat(),
      );
      return { contents: moduleOf(carried), loader: 'js' };
    });
  },
});

type Carried = [path: string, base64: string];

async function filesOf(root: string, folder: string): Promise<Carried[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile() && !/\.(md|ts|json)$/.test(entry.name))
      .map(async ({ parentPath, name }): Promise<Carried> => {
        const path = join(parentPath, name);
        return [relative(root, path), await readFile(path, 'base64')];
      }),
  );
}

const moduleOf = (carried: Record<string, string>) => `
  const carried = new Map(Object.entries(${JSON.stringify(carried)}));
  export const projectFiles = {
    names: (folder) =>
      [...carried.keys()]
        .filter((path) => path.startsWith(folder + '/') && !path.slice(folder.length + 1).includes('/'))
        .map((path) => path.slice(folder.length + 1))
        .sort(),
    read: (path) => {
      const file = carried.get(path);
      if (file === undefined) throw new Error('There is no file ' + path + ' in this bundle.');
      return Buffer.from(file, 'base64');
    },
  };`;
