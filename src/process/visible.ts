/**
 * Control characters, which can drive a terminal, and format characters, which are invisible or turn the
 * direction of the text around them, so that it reads as something else.
 */
const unseen = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Text that a caller may have chosen, on one line: what cannot be seen is written out, as \u202e. */
export const visible = (text: string): string => text.replace(unseen, written);

/** The same for JSON, in lines: it means afterwards what it meant before. */
export const visibleJson = (lines: string): string => lines.split('\n').map(visible).join('\n');

/**
 * A line of JSON whose strings are going to be printed: an escape in it becomes the text of that escape, for it
 * would be a control character again. Only line feeds and tabs stay.
 */
export const printableJson = (line: string): string =>
  visibleJson(line).replace(
    // Pairs are read as pairs, so that no half of an escaped backslash begins another escape.
    /\\(?:\\|[bfr]|u([\da-f]{4}))/g,
    (one, unit) => (one === '\\\\' || (unit && isSeen(unit)) ? one : `\\${one}`),
  );

/** Halves of a pair have an escape each. */
const isSeen = (unit: string) => {
  const character = String.fromCharCode(Number.parseInt(unit, 16));
  return character === visible(character) && !/[\ud800-\udfff]/.test(character);
};

const written = (character: string) =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
