import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { homeFolder } from '../../../../src/process/home.ts';

/** Where systems keep packaged fonts, and users their own. */
export const systemFontFolders = (): string[] =>
  [
    '/usr/share/fonts',
    '/usr/local/share/fonts',
    '/System/Library/Fonts',
    '/Library/Fonts',
    'C:\\Windows\\Fonts',
    ...foldersBelow(homeFolder()),
  ].filter((folder) => existsSync(folder));

const foldersBelow = (home: string | undefined): string[] =>
  home === undefined
    ? []
    : [
        join(home, '.local/share/fonts'),
        join(home, '.fonts'),
        // Heroku's apt buildpack puts packages here.
        join(home, '.apt/usr/share/fonts'),
        join(home, 'Library/Fonts'),
      ];
