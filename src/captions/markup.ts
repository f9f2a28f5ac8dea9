import type { Run } from './cue.ts';

type Look = 'italic' | 'bold' | 'underline';

const looksByTag: Partial<Record<string, Look>> = {
  i: 'italic',
  em: 'italic',
  b: 'bold',
  strong: 'bold',
  u: 'underline',
};
/** Tags for what a still caption cannot show: classes, voices, colours, karaoke. Their text stays. */
const unshown = new Set(['c', 'v', 'lang', 'font', 'span', 's', 'ruby']);
const entities: Partial<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  lrm: '\u200e',
  rlm: '\u200f',
};
/** A tag, a karaoke time stamp, a SubStation Alpha override, or an entity. */
const markPattern =
  /<(\/?)([a-z]+)(?:[.\s][^<>]*)?\/?>|<(?:\d+:)?\d+:\d+[.,]\d+>|\{\\([^{}]*)\}|&(#\d{1,7}|#x[\da-f]{1,6}|[a-z]+);/gi;
/** The upper row of Alpha's positions, numbered like the keys of a number pad. */
const atTop = /\\an?[789](?!\d)/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to go
const controls = /[\u0000-\u0008\u000b-\u001f\u007f\ufeff]/g;

/**
 * Reads the text of a cue with its tags. In WebVTT unknown tags are dropped. In SubRip, where people write
 * "<3" and "<sighs>", they are text.
 */
export function readMarkup(
  text: string,
  dropsUnknownTags: boolean,
): { lines: Run[][]; top: boolean } {
  const lines: Run[][] = [[]];
  const looks = new Set<Look>();
  const put = (piece: string) => {
    for (const [i, part] of piece.replace(controls, '').split('\n').entries()) {
      if (i > 0) lines.push([]);
      const run = Object.fromEntries([...looks].map((look) => [look, true]));
      if (part) lines.at(-1)?.push({ text: part, ...run });
    }
  };
  let top = false;
  let read = 0;
  for (const mark of text.matchAll(markPattern)) {
    put(text.slice(read, mark.index));
    read = mark.index + mark[0].length;
    const [whole, closes = '', tag, override, entity] = mark;
    if (entity) put(character(entity.toLowerCase()) ?? whole);
    else if (override !== undefined) {
      top ||= atTop.test(whole);
      for (const [, letter, on] of override.matchAll(/\\?([ibu])(\d+)(?=\\|$)/g))
        turn(looks, looksByTag[letter as string] as Look, on !== '0');
    } else if (tag) {
      const name = tag.toLowerCase();
      const look = looksByTag[name];
      if (look) turn(looks, look, !closes);
      else if (name === 'br') put('\n');
      else if (name === 'rt') put(closes ? ')' : '(');
      else if (!unshown.has(name) && !dropsUnknownTags) put(whole);
    }
  }
  put(text.slice(read));
  return { lines: lines.map(joined).filter(hasLetters), top };
}

function turn(looks: Set<Look>, look: Look, on: boolean) {
  if (on) looks.add(look);
  else looks.delete(look);
}

function character(entity: string): string | undefined {
  if (!entity.startsWith('#')) return entities[entity];
  const code = entity.startsWith('#x') ? Number.parseInt(entity.slice(2), 16) : +entity.slice(1);
  const isLetter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000);
  return isLetter ? String.fromCodePoint(code) : undefined;
}

/** Merges neighbours of one style into one run and trims white space around the line. */
function joined(line: Run[]): Run[] {
  const runs: Run[] = [];
  for (const run of line) {
    const last = runs.at(-1);
    if (last && lookOf(last) === lookOf(run)) last.text += run.text;
    else runs.push({ ...run });
  }
  const [first, last] = [runs[0], runs.at(-1)];
  if (first) first.text = first.text.trimStart();
  if (last) last.text = last.text.trimEnd();
  return runs.filter(({ text }) => text !== '');
}

const lookOf = ({ italic, bold, underline }: Run) => `${italic} ${bold} ${underline}`;

/** Spaces, including zero-width and direction characters, show nothing. */
const hasLetters = (line: Run[]) => line.some(({ text }) => /[^\s\p{Cf}]/u.test(text));
