import type { Run } from '../../../../src/captions/cue.ts';

/** Characters of scripts without spaces, between which a line may be joined or broken. */
const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff01-\uff60]/u;
/** Characters that may not start a line, and characters that may not end one. */
const closing = /^[\p{Pe}\p{Pf}\p{Po}ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ]/u;
const opening = /[\p{Ps}\p{Pi}]$/u;

/** Joins the lines of a cue into one. */
export function joinLines(lines: Run[][]): Run[] {
  const joined: Run[] = [];
  for (const line of lines) {
    const [end] = (joined.at(-1)?.text ?? '').match(/.$/u) ?? [];
    const [start] = (line[0]?.text ?? '').match(/^./u) ?? [];
    const isWide = wide.test(end ?? '') && wide.test(start ?? '');
    if (end && !isWide) joined.push({ text: ' ' });
    joined.push(...line);
  }
  return joined;
}

/**
 * Breaks the line between words into this many lines of about the same width, or into fewer when it has too
 * few words.
 */
export function breakEvenly(line: Run[], count: number): Run[][] {
  const text = line.map((run) => run.text).join('');
  const ends = breaksIn(text);
  const total = widthOf(text);
  const lines: Run[][] = [];
  let from = 0;
  for (let n = 1; n < count; n++) {
    const wanted = (total * n) / count;
    const near = ends.filter((end) => end > from && end < text.length);
    const [end] = near.sort((a, b) => off(text, a, wanted) - off(text, b, wanted));
    if (end === undefined) break;
    lines.push(cut(line, from, end));
    from = end;
  }
  return [...lines, cut(line, from, text.length)].filter((part) => part.length > 0);
}

/** The distance from the ideal place, in widths of characters; the end of a clause gets a bonus. */
function off(text: string, end: number, wanted: number): number {
  const before = text.slice(0, end);
  const bonus = /[.,;:!?…،؛؟。、！？]\s*$/u.test(before) ? widthOf(text) / 12 : 0;
  return Math.abs(widthOf(before) - wanted) - bonus;
}

function breaksIn(text: string): number[] {
  const words = [...new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)];
  return words.slice(1).flatMap(({ index, segment }, i) => {
    const before = words[i]?.segment ?? '';
    const spaced = /\s$/.test(before) && before !== '\u00a0';
    const unspaced = needsNoSpace(before) && needsNoSpace(segment);
    const allowed = !closing.test(segment) && !opening.test(before) && !/^\s/.test(segment);
    return (spaced || unspaced) && allowed ? [index] : [];
  });
}

const noSpaces =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\u3000-\u303f\uff01-\uff60]/u;
const needsNoSpace = (word: string) => noSpaces.test(word);

/** In halves of a wide character: precise enough to choose a break. */
export function widthOf(text: string): number {
  let width = 0;
  for (const letter of text) width += /\p{M}/u.test(letter) ? 0 : isWide(letter) ? 2 : 1;
  return width;
}

const isWide = (letter: string) =>
  wide.test(letter) || /[\p{Script=Hangul}\p{Emoji_Presentation}]/u.test(letter);

/** The part of a line between two positions, without surrounding white space. */
function cut(line: Run[], from: number, to: number): Run[] {
  let at = 0;
  const parts = line.flatMap((run) => {
    const start = at;
    at += run.text.length;
    const text = run.text.slice(Math.max(0, from - start), Math.max(0, to - start));
    return text ? [{ ...run, text }] : [];
  });
  const [first, last] = [parts[0], parts.at(-1)];
  if (first) first.text = first.text.trimStart();
  if (last) last.text = last.text.trimEnd();
  return parts.filter(({ text }) => text !== '');
}

/** Breaks text without a better place, such as a long address, between any two characters. */
export function breakAnywhere(line: Run[], count: number): Run[][] {
  const text = line.map((run) => run.text).join('');
  const letters = [...new Intl.Segmenter().segment(text)].map(({ index }) => index);
  const ends = Array.from(
    { length: count - 1 },
    (_, n) => letters[Math.round((letters.length * (n + 1)) / count)] ?? text.length,
  );
  return [...ends, text.length]
    .map((end, n) => cut(line, ends[n - 1] ?? 0, end))
    .filter((part) => part.length > 0);
}
