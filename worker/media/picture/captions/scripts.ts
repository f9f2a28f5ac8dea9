import { type Cue, plainText } from '../../../../src/captions/cue.ts';
import { MediaError } from '../../errors.ts';
import { FontCoverage } from './font_coverage.ts';
import { systemFontFolders } from './font_folders.ts';

type Script = { name: string; letters: RegExp; example: string; fonts: string };

const core = 'fonts-noto-core';
const cjk = 'fonts-noto-cjk';
const emoji = 'fonts-noto-color-emoji';
/** The packages that an operator installs so that captions of every script can be drawn. */
export const installFonts = `apt-get install ${core} ${cjk} ${emoji}`;

/** The scripts that `vidgen doctor` looks for; the first three have fonts of our own. */
const knownScripts: Script[] = [
  { name: 'Latin', letters: /\p{Script=Latin}/u, example: 'aéß', fonts: core },
  { name: 'Greek', letters: /\p{Script=Greek}/u, example: 'αά', fonts: core },
  { name: 'Cyrillic', letters: /\p{Script=Cyrillic}/u, example: 'яї', fonts: core },
  { name: 'Chinese', letters: /\p{Script=Han}/u, example: '中国語', fonts: cjk },
  {
    name: 'Japanese',
    letters: /[\p{Script=Hiragana}\p{Script=Katakana}]/u,
    example: 'あア',
    fonts: cjk,
  },
  { name: 'Korean', letters: /\p{Script=Hangul}/u, example: '한', fonts: cjk },
  { name: 'Arabic', letters: /\p{Script=Arabic}/u, example: 'عربي', fonts: core },
  { name: 'Hebrew', letters: /\p{Script=Hebrew}/u, example: 'עברית', fonts: core },
  { name: 'Devanagari', letters: /\p{Script=Devanagari}/u, example: 'हिन्दी', fonts: core },
  { name: 'Thai', letters: /\p{Script=Thai}/u, example: 'ไทย', fonts: core },
  { name: 'emoji', letters: /\p{Emoji_Presentation}/u, example: '😀🎉', fonts: emoji },
];

/** Direction marks, joiners, variation selectors: they have an effect but are not drawn. */
const undrawn = /[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/u;

let coverage: FontCoverage | undefined;

/** Fonts installed later are seen after a restart, as by the text drawing itself. */
const installed = () => {
  coverage ??= new FontCoverage(systemFontFolders());
  return coverage;
};

/** The scripts in which captions can be drawn with these fonts. */
export async function drawableScripts(
  fonts = installed(),
): Promise<{ drawable: string[]; missing: string[] }> {
  const scripts = { drawable: [] as string[], missing: [] as string[] };
  for (const { name, example } of knownScripts) {
    const lacking = await undrawable(example, fonts);
    scripts[lacking.length > 0 ? 'missing' : 'drawable'].push(name);
  }
  return scripts;
}

/**
 * Refuses captions with characters that no font has, which would show as boxes. Throws MediaError, whose
 * sentence names some of them and says what an operator can do.
 */
export async function requireFonts(cues: Cue[], fonts = installed()): Promise<void> {
  const letters = await undrawable(cues.map(({ lines }) => plainText(lines)).join(), fonts);
  if (letters.length === 0) return;
  const scripts = knownScripts.filter((script) =>
    letters.some((letter) => script.letters.test(letter)),
  );
  const packages = [...new Set(scripts.map((script) => script.fonts))].join(' ') || core;
  const names = scripts.length > 0 ? ` (${scripts.map(({ name }) => name).join(', ')})` : '';
  throw new MediaError(
    `The captions cannot be drawn: this server has no font for ${letters.slice(0, 5).map(shown).join(', ')}${names}. Use captionStyle track, or ask its operator to run "apt-get install ${packages}" and to restart it.`,
  );
}

async function undrawable(text: string, fonts: FontCoverage): Promise<string[]> {
  const letters = [...new Set(text.normalize('NFC'))].filter((letter) => !undrawn.test(letter));
  return fonts.lacks(letters);
}

const shown = (letter: string) =>
  `${letter} (U+${(letter.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')})`;
