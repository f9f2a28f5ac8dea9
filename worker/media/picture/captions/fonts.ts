import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFiles } from '../../../../src/process/project_files.ts';
import { makeTemporaryFolder } from '../../temporary.ts';
import { systemFontFolders } from './font_folders.ts';

const carriedFolder = 'fonts';
const ownFonts = () => projectFiles.names(carriedFolder).filter((name) => name.endsWith('.ttf'));

/** The bytes of the fonts that come with VidGen. */
export const ownFontFiles = (): Buffer[] =>
  ownFonts().map((name) => projectFiles.read(`${carriedFolder}/${name}`));

/** What a program needs in order to draw text with our fonts and the system's. */
export type Fonts = { folder: string; readable: string[]; env: { FONTCONFIG_FILE: string } };

/** Writes our fonts and fontconfig's configuration to a folder that lasts as long as this process. */
export async function writeFonts(): Promise<Fonts> {
  const folder = await makeTemporaryFolder();
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const own = join(folder, carriedFolder);
  mkdirSync(own);
  for (const name of ownFonts()) {
    writeFileSync(join(own, name), projectFiles.read(`${carriedFolder}/${name}`));
  }
  const path = join(folder, 'fonts.conf');
  const folders = systemFontFolders();
  writeFileSync(path, configuration([own, ...folders], join(folder, 'cache')));
  return { folder, readable: [folder, ...folders], env: { FONTCONFIG_FILE: path } };
}

/**
 * Ignores the system's own configuration, so that captions look the same everywhere: emoji in colour and at
 * text size, sans-serif fonts before serif ones, bold by thicker strokes.
 */
const configuration = (folders: string[], cache: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  ${folders.map((folder) => `<dir>${escaped(folder)}</dir>`).join('\n  ')}
  <cachedir>${escaped(cache)}</cachedir>
  <match target="font">
    <test name="outline" compare="eq"><bool>false</bool></test>
    <edit name="pixelsizefixupfactor" mode="assign">
      <divide><name target="pattern">pixelsize</name><name target="font">pixelsize</name></divide>
    </edit>
    <edit name="matrix" mode="assign">
      <times>
        <name>matrix</name>
        <matrix>
          <name>pixelsizefixupfactor</name><double>0</double>
          <double>0</double><name>pixelsizefixupfactor</name>
        </matrix>
      </times>
    </edit>
    <edit name="size" mode="assign">
      <divide><name>size</name><name>pixelsizefixupfactor</name></divide>
    </edit>
  </match>
  <match target="font">
    <test name="weight" compare="less_eq"><const>semibold</const></test>
    <test target="pattern" name="weight" compare="more_eq"><const>bold</const></test>
    <edit name="embolden" mode="assign"><bool>true</bool></edit>
  </match>
  <alias>
    <family>emoji</family>
    <prefer>
      <family>Noto Color Emoji</family>
      <family>Apple Color Emoji</family>
      <family>Segoe UI Emoji</family>
    </prefer>
  </alias>
</fontconfig>
`;

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
