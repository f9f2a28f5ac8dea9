/**
 * Control characters, which can drive a terminal, and those that are invisible or turn the direction of the
 * text around them, so that it reads as something else. No tab and no line feed: they do neither.
 */
const unseen =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** Text that a caller may have chosen, for a terminal: what cannot be seen is written as \u202e. */
export const visible = (text: string): string =>
  text.replace(unseen, (character) => `\\u${hex(character)}`);

const hex = (character: string) => character.charCodeAt(0).toString(16).padStart(4, '0');
