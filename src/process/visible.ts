/**
 * Control characters, which can drive a terminal, and format characters, which are invisible or turn the
 * direction of the text around them, so that it reads as something else.
 */
const unseen = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Text that a caller may have chosen, on one line: what cannot be seen is written out, as \u202e. */
export const visible = (text: string): string => text.replace(unseen, written);

/** The same for lines of JSON, whose meaning stays the same. */
export const visibleJson = (lines: string): string => lines.split('\n').map(visible).join('\n');

/**
 * For a line of JSON whose strings will be printed: each escape becomes the text of that escape, because it would
 * otherwise turn into a control character again. Only line feeds and tabs stay.
 */
export const printableJson = (line: string): string =>
  visibleJson(line).replace(
    // Pairs are read as pairs, so that no half of an escaped backslash begins another escape.
    /\\(?:\\|[bfr]|u([\da-f]{4}))/g,
    (one, unit) => (one === '\\\\' || (unit && isSeen(unit)) ? one : `\\${one}`),
  );

/** Each half of a surrogate pair has an escape of its own. */
const isSeen = (unit: string) => {
  const character = String.fromCharCode(Number.parseInt(unit, 16));
  return character === visible(character) && !/[\ud800-\udfff]/.test(character);
};

const written = (character: string) =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
