import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exclusivelyUnless, root, say } from './install.mjs';
import { canInstall, install } from './programs.mjs';

/** The packages, and a file of each where Debian and Ubuntu put it. Of other systems only doctor knows. */
const packages = {
  'fonts-noto-core': 'truetype/noto/NotoSansDevanagari-Regular.ttf',
  'fonts-noto-cjk': 'opentype/noto/NotoSansCJK-Regular.ttc',
  'fonts-noto-color-emoji': 'truetype/noto/NotoColorEmoji.ttf',
};

/**
 * Fonts for burned captions in scripts that our own fonts lack. Everything else works without them, so on a
 * machine where they cannot be installed it is tried only once.
 */
export async function prepareFonts(folder = '/usr/share/fonts') {
  const tried = join(root, 'node_modules', '.cache', 'vidgen-fonts');
  const missing = () =>
    Object.entries(packages).flatMap(([name, file]) =>
      existsSync(join(folder, file)) ? [] : [name],
    );
  if (!canInstall() || existsSync(tried)) return;
  await exclusivelyUnless(
    () => missing().length === 0,
    async () => {
      say(
        'Captions in Chinese, Japanese, Korean, Arabic, Hebrew, Hindi, emoji … need fonts (80 MB)',
      );
      await install(...missing());
      try {
        mkdirSync(dirname(tried), { recursive: true });
        writeFileSync(tried, '');
      } catch {
        // If the folder is not writable, they are asked for again next time.
      }
    },
  );
}
