import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where systems keep packaged fonts, and users their own. */
export const systemFontFolders = (): string[] =>
  [
    '/usr/share/fonts',
    '/usr/local/share/fonts',
    '/System/Library/Fonts',
    '/Library/Fonts',
    'C:\\Windows\\Fonts',
    join(homedir(), '.local/share/fonts'),
    join(homedir(), '.fonts'),
    // Heroku's apt buildpack puts packages here.
    join(homedir(), '.apt/usr/share/fonts'),
    join(homedir(), 'Library/Fonts'),
  ].filter((folder) => existsSync(folder));
