import sharp from 'sharp';
import type { Run } from '../../../../src/captions/cue.ts';

/** Ours, for Latin, Greek and Cyrillic, which look the same everywhere; other scripts use the system's fonts. */
const family = 'Noto Sans';

/**
 * The look of text: its size in pixels, and the language that chooses between Chinese and Japanese shapes.
 */
export type Type = { size: number; language?: string };

/**
 * White text on nothing: width × height × 4 bytes, RGBA. The baseline is at the same height in all lines of
 * one size.
 */
export type DrawnLine = { rgba: Buffer; width: number; height: number };

/**
 * Pango returns only the ink, whose height depends on the characters. Two invisible bars, one raised and one
 * lowered by a share of the text size, fix the line's height and a margin on both sides. (A larger bar would
 * shift the characters of some scripts.)
 */
const bars = { raised: 0.45, lowered: -0.17 };

export async function drawLine(line: Run[], type: Type): Promise<DrawnLine> {
  const scale = scaleOf(type);
  const { data, info } = await textOf(line, enlarged(type, scale))
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (scale === 1) return { rgba: data, width: info.width, height: info.height };
  const raw = { width: info.width, height: info.height, channels: 4 as const };
  const [width, height] = [info.width, info.height].map((side) => Math.ceil(side / scale));
  const reduced = sharp(data, { raw }).resize({ width, height, fit: 'fill' }).raw();
  const drawn = await reduced.toBuffer({ resolveWithObject: true });
  return { rgba: drawn.data, width: drawn.info.width, height: drawn.info.height };
}

/** The width of the line as it would be drawn. */
export async function measureLine(line: Run[], type: Type): Promise<number> {
  const scale = scaleOf(type);
  return Math.ceil((await textOf(line, enlarged(type, scale)).metadata()).width / scale);
}

/** Pango places letters on whole pixels, which tears words of small letters apart: those are drawn larger first. */
const scaleOf = ({ size }: Type): number => Math.max(1, Math.ceil(evenlySpaced / size));
const evenlySpaced = 32;

const enlarged = (type: Type, scale: number): Type => ({ ...type, size: scale * type.size });

function textOf(line: Run[], { size, language }: Type) {
  const lang = language ? ` lang="${escaped(language)}"` : '';
  const bar = (rise: number) =>
    `<span rise="${Math.round(rise * size * 1024)}" lang="en" alpha="1">|</span>`;
  const letters = direction(line) + line.map(markup).join('');
  const text = `<span foreground="white" weight="600"${lang}>${bar(bars.raised)}${letters}${bar(bars.lowered)}</span>`;
  return sharp({
    text: { text, font: `${family},${fallbacks(language)} ${size}px`, rgba: true, dpi: 72 },
  });
}

/** Without this, a line of Arabic that starts with a Latin word would run from left to right. */
function direction(line: Run[]): string {
  const letters = line.map(({ text }) => text).join('');
  return rightToLeft.test(letters) ? '\u200f' : '\u200e';
}

const rightToLeft =
  /^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;

function markup({ text, italic, bold, underline }: Run): string {
  const looks = [
    italic && 'style="italic"',
    bold && 'weight="800"',
    underline && 'underline="single"',
  ].filter(Boolean);
  const letters = escaped(text.normalize('NFC'));
  return looks.length > 0 ? `<span ${looks.join(' ')}>${letters}</span>` : letters;
}

const escaped = (text: string) =>
  text.replace(/[&<>"']/g, (letter) => `&#${letter.codePointAt(0)};`);

/** Chinese characters have one code but several shapes. */
function fallbacks(language = ''): string {
  const han = /^ja/.test(language)
    ? 'JP'
    : /^ko/.test(language)
      ? 'KR'
      : /^zh.*(Hant|TW|HK|MO)/i.test(language)
        ? 'TC'
        : 'SC';
  return [
    'Noto Sans Arabic',
    'Noto Sans Hebrew',
    'Noto Sans Devanagari',
    `Noto Sans CJK ${han}`,
  ].join(',');
}
